package dev.prompttuning.trainer.compare;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of a comparison: learning curves, and what the methods cost. */
final class Plots {
    private static final Color GRID = new Color(0xe4e4e4);
    /** Told apart by most people, whatever colours they see. */
    private static final Color[] COLOURS = {
        new Color(0x4269d0),
        new Color(0xefb118),
        new Color(0xff725c),
        new Color(0x6cc5b0),
        new Color(0x3ca951),
        new Color(0xff8ab7),
        new Color(0xa463f2),
        new Color(0x97bbf5),
        new Color(0x9c6b4e)
    };

    private static final int MOST_POINTS = 250;
    private static final double MEGABYTE = 1e6;

    private final Comparison comparison;
    private final List<Entry> done;

    private Plots(Comparison comparison) {
        this.comparison = comparison;
        this.done = comparison.entries().stream()
                .filter(entry -> entry.failure() == null)
                .toList();
    }

    /** The charts that there are figures for. */
    static List<Plot> of(Comparison comparison) {
        Plots plots = new Plots(comparison);
        List<Plot> all = new ArrayList<>();
        if (!plots.done.isEmpty()) {
            plots.losses().ifPresent(all::add);
            plots.evaluations().ifPresent(all::add);
            plots.byParameters().ifPresent(all::add);
            all.add(plots.bars("time", "Time of the training, s", Entry::seconds));
            all.add(plots.bars("memory", "Peak memory, MB", entry -> entry.peakResidentBytes() / MEGABYTE));
        }
        return all;
    }

    private Optional<Plot> losses() {
        String title = "Training loss by step, smoothed";
        XYChart chart = lines(title, "step", "loss");
        done.stream().filter(entry -> !entry.losses().isEmpty()).forEach(entry -> {
            double[] smoothed = smoothed(entry.losses());
            int[] shown = thinned(smoothed.length);
            chart.addSeries(
                            entry.name(),
                            IntStream.of(shown).mapToDouble(step -> step + 1.0).toArray(),
                            IntStream.of(shown)
                                    .mapToDouble(step -> smoothed[step])
                                    .toArray())
                    .setMarker(SeriesMarkers.NONE);
        });
        return drawn("loss", title, chart);
    }

    /** Single steps jump about; what matters is the way they go. */
    private static double[] smoothed(List<Double> losses) {
        double weight = Math.min(1, 20.0 / losses.size());
        double mean = losses.get(0);
        double[] smoothed = new double[losses.size()];
        for (int step = 0; step < smoothed.length; step++) {
            mean += weight * (losses.get(step) - mean);
            smoothed[step] = mean;
        }
        return smoothed;
    }

    /** Evenly spread places, the first and the last among them: more than a picture can show only make it large. */
    private static int[] thinned(int length) {
        if (length <= MOST_POINTS) {
            return IntStream.range(0, length).toArray();
        }
        return IntStream.range(0, MOST_POINTS)
                .map(point -> (int) ((long) point * (length - 1) / (MOST_POINTS - 1)))
                .toArray();
    }

    private Optional<Plot> evaluations() {
        Optional<String> metric = comparison.shownMetric();
        if (metric.isEmpty()) {
            return Optional.empty();
        }
        String title = metric.get() + " of the evaluations by step";
        XYChart chart = lines(title, "step", metric.get());
        for (Entry entry : done) {
            var with = entry.evaluations().stream()
                    .filter(evaluation -> evaluation.metrics().containsKey(metric.get()))
                    .toList();
            if (!with.isEmpty()) {
                chart.addSeries(
                                entry.name(),
                                with.stream().mapToDouble(one -> one.step()).toArray(),
                                with.stream()
                                        .mapToDouble(one -> one.metrics().get(metric.get()))
                                        .toArray())
                        .setMarker(SeriesMarkers.CIRCLE);
            }
        }
        return drawn("evaluations", title, chart);
    }

    private Optional<Plot> byParameters() {
        Optional<String> metric = comparison.shownMetric();
        // A logarithmic axis needs a range.
        boolean differ =
                done.stream().map(Entry::trainableParameters).distinct().count() > 1;
        if (metric.isEmpty() || !differ) {
            return Optional.empty();
        }
        String title = metric.get() + " by trainable parameters";
        XYChart chart = lines(title, "trainable parameters", metric.get());
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        chart.getStyler().setMarkerSize(11);
        for (Entry entry : done) {
            Double value = entry.metrics().get(metric.get());
            if (value != null) {
                chart.addSeries(entry.name(), new double[] {entry.trainableParameters()}, new double[] {value})
                        .setMarker(SeriesMarkers.CIRCLE);
            }
        }
        return drawn("parameters", title, chart);
    }

    private Plot bars(String name, String title, ToDoubleFunction<Entry> figure) {
        CategoryChart chart =
                new CategoryChartBuilder().width(640).height(360).title(title).build();
        styled(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisLabelRotation(done.size() > 4 ? 30 : 0);
        chart.getStyler().setAvailableSpaceFill(0.6);
        chart.addSeries(
                title,
                done.stream().map(Entry::name).toList(),
                done.stream().<Number>map(figure::applyAsDouble).toList());
        return new Plot(name, title, SvgDrawing.of(chart));
    }

    private static XYChart lines(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(400)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        styled(chart.getStyler());
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Line);
        chart.getStyler().setMarkerSize(6);
        return chart;
    }

    private static void styled(AxesChartStyler styler) {
        styler.setLocale(Locale.ROOT);
        styler.setSeriesColors(COLOURS);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
    }

    private static Optional<Plot> drawn(String name, String title, XYChart chart) {
        return chart.getSeriesMap().isEmpty()
                ? Optional.empty()
                : Optional.of(new Plot(name, title, SvgDrawing.of(chart)));
    }
}
