package dev.prompttuning.transformers.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The kernel's account of this process's memory, in bytes; on Linux alone. */
public final class ResidentMemory {
    private ResidentMemory() {}

    public static long now() {
        return status("VmRSS");
    }

    /** Without what is shared with files. */
    public static long anonymous() {
        return status("RssAnon");
    }

    /** The most since the start of the process, or since {@link #forgetPeak}. */
    public static long peak() {
        return status("VmHWM");
    }

    /** Skips the test where the peak cannot be set back. */
    public static void forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            assumeTrue(false, "the peak of the resident memory cannot be set back: " + e);
        }
    }

    private static long status(String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(l -> l.startsWith(field + ":")).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
