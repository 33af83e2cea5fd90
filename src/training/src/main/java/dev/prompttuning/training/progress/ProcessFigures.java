package dev.prompttuning.training.progress;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has used. */
public final class ProcessFigures {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessFigures() {}

    /** Largest resident memory so far, in bytes; 0 where the system does not tell. */
    public static long peakResidentBytes() {
        return kilobytes("VmHWM:") * 1024;
    }

    /** Resident memory now, in bytes; 0 where the system does not tell. */
    public static long residentBytes() {
        return kilobytes("VmRSS:") * 1024;
    }

    /** CPU time of all threads so far, in seconds; 0 where the system does not tell. */
    public static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime()) / 1e9
                : 0;
    }

    private static long kilobytes(String entry) {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(entry))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
