package dev.prompttuning.trainer.compare;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table, as papers on these methods have it.
 *
 * @param head titles of the columns, of which the first {@value #NAMES} hold names and the others figures
 * @param lines a line for each run; that of a run that failed ends with why
 */
record ComparisonTable(List<String> head, List<List<String>> lines) {

    static final int NAMES = 2;

    static ComparisonTable of(Comparison comparison) {
        Set<String> metrics = new TreeSet<>();
        comparison.entries().forEach(entry -> metrics.addAll(entry.metrics().keySet()));
        List<String> head = new ArrayList<>(List.of(
                "name",
                "method",
                "learning rate",
                "trainable",
                "share",
                "adapter",
                "time",
                "step",
                "tokens/s",
                "peak memory"));
        head.addAll(metrics);
        return new ComparisonTable(
                head,
                comparison.entries().stream()
                        .map(entry -> cells(entry, metrics))
                        .toList());
    }

    private static List<String> cells(Entry entry, Set<String> metrics) {
        List<String> cells = new ArrayList<>(List.of(
                entry.name(),
                entry.method(),
                BigDecimal.valueOf(entry.learningRate()).stripTrailingZeros().toPlainString()));
        if (entry.failure() != null) {
            cells.add(entry.failure());
            return cells;
        }
        cells.add(number("%,d", entry.trainableParameters()));
        cells.add(number("%.3g %%", 100.0 * entry.trainableParameters() / entry.allParameters()));
        cells.add(bytes(entry.adapterBytes()));
        cells.add(number("%.1f s", entry.seconds()));
        cells.add(number("%.3f s", entry.stepSeconds()));
        cells.add(number("%.0f", entry.tokensPerSecond()));
        cells.add(bytes(entry.peakResidentBytes()));
        metrics.forEach(metric -> cells.add(
                entry.metrics().containsKey(metric)
                        ? number("%.4f", entry.metrics().get(metric))
                        : ""));
        return cells;
    }

    private static String number(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String bytes(long bytes) {
        return bytes < 1_000_000 ? number("%.1f kB", bytes / 1e3) : number("%,.1f MB", bytes / 1e6);
    }
}
