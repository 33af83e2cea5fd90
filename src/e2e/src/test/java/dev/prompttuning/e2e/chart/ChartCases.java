package dev.prompttuning.e2e.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The values that the tests render: {@code in-CASE.yaml} comes with {@code out-CASE.yaml}. */
final class ChartCases {
    static final Path FOLDER =
            Path.of(System.getProperty("project.root"), "src", "e2e", "src", "test", "resources", "chart");

    private ChartCases() {}

    static List<Path> valid() throws IOException {
        return named("in-");
    }

    /** Values that are refused; the first line is the comment {@code # MESSAGE}. */
    static List<Path> invalid() throws IOException {
        return named("invalid-");
    }

    static Path output(Path values) {
        return values.resolveSibling(values.getFileName().toString().replaceFirst("^in-", "out-"));
    }

    private static List<Path> named(String prefix) throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }
}
