package dev.prompttuning.localcluster.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The log file of one run of a container: a line is {@code <time> stdout F <text>}, as container runtimes write it.
 *
 * @param open the logs that are being written, to which this one adds itself
 */
record ContainerLog(Path file, Set<Path> open) {

    private static final String MARK = " stdout F ";

    /** Copies what a process prints, on a thread of its own; done when the process and its children closed it. */
    CompletableFuture<Void> copy(InputStream output) {
        var done = new CompletableFuture<Void>();
        open.add(file);
        var thread = new Thread(
                () -> {
                    try {
                        Files.createDirectories(file.getParent());
                        append(output);
                        done.complete(null);
                    } catch (IOException | UncheckedIOException e) {
                        done.completeExceptionally(e);
                    } finally {
                        open.remove(file);
                    }
                },
                "log-" + file.getFileName());
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void append(InputStream output) throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
                var writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                writer.write(Instant.now() + MARK + line + "\n");
                writer.flush();
            }
        }
    }

    static Instant time(String line) {
        return Instant.parse(line.substring(0, line.indexOf(' ')));
    }

    static String text(String line) {
        return line.substring(line.indexOf(MARK) + MARK.length());
    }

    /** The end of what was printed, at most so many lines and bytes. */
    String tail(int lines, int bytes) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        var last = new ArrayDeque<String>();
        try (var all = Files.lines(file)) {
            all.forEach(line -> {
                last.add(text(line));
                if (last.size() > lines) {
                    last.remove();
                }
            });
        }
        var result = String.join("\n", last);
        return result.length() > bytes ? result.substring(result.length() - bytes) : result;
    }
}
