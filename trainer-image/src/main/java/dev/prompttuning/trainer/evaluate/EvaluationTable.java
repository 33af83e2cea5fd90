package dev.prompttuning.trainer.evaluate;

import dev.prompttuning.training.metric.score.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A report for the terminal. */
public final class EvaluationTable {
    /** A wider matrix fits no terminal. */
    private static final int MOST_LABELS = 12;

    private EvaluationTable() {}

    /** Metrics, labels and confusion, a table each. */
    public static String of(EvaluationReport report) {
        List<List<String>> metrics = new ArrayList<>();
        metrics.add(List.of("metric", "value"));
        metrics.add(List.of("rows", String.valueOf(report.rows())));
        report.metrics().forEach((name, value) -> metrics.add(List.of(name, number(value))));
        StringBuilder text = new StringBuilder(aligned(metrics));
        if (report.labels() != null) {
            text.append('\n').append(aligned(labels(report.labels())));
        }
        if (report.confusion() != null) {
            text.append('\n').append(confusion(report.confusion()));
        }
        return text.toString();
    }

    private static List<List<String>> labels(List<EvaluationReport.LabelLine> labels) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("label", "precision", "recall", "f1", "count"));
        labels.forEach(label -> lines.add(List.of(
                label.label(),
                number(label.precision()),
                number(label.recall()),
                number(label.f1()),
                String.valueOf(label.count()))));
        return lines;
    }

    private static String confusion(ConfusionMatrix matrix) {
        if (matrix.labels().size() > MOST_LABELS) {
            return "The confusion matrix of " + matrix.labels().size() + " labels is in what --result writes.\n";
        }
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("right \\ predicted"));
        head.addAll(matrix.labels());
        lines.add(head);
        for (int label = 0; label < matrix.labels().size(); label++) {
            List<String> line = new ArrayList<>(List.of(matrix.labels().get(label)));
            Arrays.stream(matrix.counts()[label]).mapToObj(String::valueOf).forEach(line::add);
            lines.add(line);
        }
        return aligned(lines);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** Names to the left, numbers to the right. */
    private static String aligned(List<List<String>> lines) {
        int[] widths = new int[lines.get(0).size()];
        lines.forEach(line -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append(line.get(0)).append(" ".repeat(widths[0] - line.get(0).length()));
            for (int column = 1; column < widths.length; column++) {
                String cell = line.get(column);
                text.append("  ")
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(cell);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
