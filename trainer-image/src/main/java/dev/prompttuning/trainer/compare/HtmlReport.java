package dev.prompttuning.trainer.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The table and its charts as one file that needs no network. */
final class HtmlReport {
    private HtmlReport() {}

    static String of(Comparison comparison) {
        // A name that ends the script would end the page.
        String data = comparison.json().replace("<", "\\u003c");
        return resource("comparison.html")
                .replace("/*CHARTS*/", resource("chart.umd.min.js"))
                .replace("/*DATA*/null", data);
    }

    private static String resource(String name) {
        try (InputStream content = HtmlReport.class.getResourceAsStream(name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
