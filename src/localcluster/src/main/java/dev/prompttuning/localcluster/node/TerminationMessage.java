package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file in which a container may leave its last words, and the log's end in their place if it asks for that. */
record TerminationMessage(Path file, boolean fallsBackToLog) {

    private static final int BYTES = 4096;
    private static final int LOG_BYTES = 2048;
    private static final int LOG_LINES = 80;

    /** @param root the container's {@code POD_ROOT} */
    static TerminationMessage of(Path root, Container container) {
        return new TerminationMessage(
                MountPaths.under(root, MountPaths.terminationLog(container)),
                "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy()));
    }

    /** Makes the file, empty. */
    void clear() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
    }

    String read(int exitCode, ContainerLog log) {
        try {
            var bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            if (bytes.length > 0) {
                return new String(bytes, 0, Math.min(bytes.length, BYTES), StandardCharsets.UTF_8);
            }
            return fallsBackToLog && exitCode != 0 ? log.tail(LOG_LINES, LOG_BYTES) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
