package dev.prompttuning.e2e;

import java.util.regex.Pattern;

/**
 * Memory of the operator's process as its kernel counts it.
 *
 * @param residentMegabytes now
 * @param peakMegabytes at most so far
 */
public record OperatorMemory(long residentMegabytes, long peakMegabytes) {

    public static OperatorMemory of(Installation installation) {
        String pod = installation.awaitOperator().getMetadata().getName();
        String status = Installation.kubectl(Installation.NAMESPACE).run("exec", pod, "--", "cat", "/proc/1/status");
        return new OperatorMemory(megabytes("VmRSS", status), megabytes("VmHWM", status));
    }

    private static long megabytes(String field, String status) {
        return Pattern.compile(field + ":\\s+(\\d+) kB")
                .matcher(status)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)) / 1024)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + field + " in " + status));
    }

    @Override
    public String toString() {
        return residentMegabytes + " MiB resident, " + peakMegabytes + " MiB at most";
    }
}
