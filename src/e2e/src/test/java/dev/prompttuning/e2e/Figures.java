package dev.prompttuning.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What the tests measure, a line each, in {@code target/e2e-figures.txt} and on the log. */
public final class Figures {
    private static final Path FILE = Path.of("target", "e2e-figures.txt");

    private Figures() {}

    /** Keeps one figure. */
    public static void record(String what, double value, String unit) {
        line(String.format(Locale.ROOT, "%s: %.1f %s", what, value, unit));
    }

    /** Keeps one sentence. */
    public static synchronized void line(String line) {
        System.out.println("measured: " + line);
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
