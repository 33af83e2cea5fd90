package dev.prompttuning.trainer.compare;

import java.util.List;

/** The table as Markdown, and the charts beside it. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** The table alone. */
    public static String of(Comparison comparison) {
        return of(comparison, List.of());
    }

    static String of(Comparison comparison, List<Plot> plots) {
        ComparisonTable table = ComparisonTable.of(comparison);
        StringBuilder text = new StringBuilder("# Methods on " + comparison.baseModel() + "\n\nTrained on "
                + comparison.data() + ". Each ran in a process of its own, one after another.\n\n");
        text.append(line(table.head())).append("|---|---|");
        table.head().stream().skip(ComparisonTable.NAMES).forEach(column -> text.append("---:|"));
        text.append('\n');
        table.lines().forEach(cells -> text.append(line(cells)));
        plots.forEach(plot -> text.append("\n![" + plot.title() + "](" + plot.fileName() + ")\n"));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
