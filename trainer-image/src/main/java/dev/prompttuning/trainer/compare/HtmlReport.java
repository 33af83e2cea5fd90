package dev.prompttuning.trainer.compare;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The table and its charts as one file that needs neither a network nor scripts. */
final class HtmlReport {
    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>Comparison of methods</title>
            <style>
              body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; color: #222; }
              .table { overflow-x: auto; }
              table { border-collapse: collapse; }
              th, td { padding: .3em .8em; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
              th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
              img { display: block; max-width: 100%%; margin: 2em 0 0; }
            </style>
            <h1>Methods on %s</h1>
            <p>Trained on %s. Each ran in a process of its own, one after another.</p>
            <div class="table"><table>
            %s</table></div>
            %s</html>
            """;

    private HtmlReport() {}

    static String of(Comparison comparison, List<Plot> plots) {
        ComparisonTable table = ComparisonTable.of(comparison);
        StringBuilder rows = new StringBuilder(row("th", table.head()));
        table.lines().forEach(cells -> rows.append(row("td", cells)));
        StringBuilder charts = new StringBuilder();
        plots.forEach(plot -> charts.append(image(plot)));
        return PAGE.formatted(escaped(comparison.baseModel()), escaped(comparison.data()), rows, charts);
    }

    private static String row(String tag, List<String> cells) {
        StringBuilder row = new StringBuilder("<tr>");
        cells.forEach(cell -> row.append('<')
                .append(tag)
                .append('>')
                .append(escaped(cell))
                .append("</")
                .append(tag)
                .append('>'));
        return row.append("</tr>\n").toString();
    }

    /** As an image of its own: drawings name their parts alike, and those names would meet in one document. */
    private static String image(Plot plot) {
        String data = Base64.getEncoder().encodeToString(plot.svg().getBytes(StandardCharsets.UTF_8));
        return "<img alt=\"" + escaped(plot.title()) + "\" src=\"data:image/svg+xml;base64," + data + "\">\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
