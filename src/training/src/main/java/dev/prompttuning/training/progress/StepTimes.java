package dev.prompttuning.training.progress;

import java.util.ArrayList;
import java.util.List;

/** Wall and CPU times of the steps of this process. */
public final class StepTimes {

    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> cpuSeconds = new ArrayList<>();
    private long tokens;

    public void add(double wall, double cpu, long stepTokens) {
        seconds.add(wall);
        cpuSeconds.add(cpu);
        tokens += stepTokens;
    }

    /** Without the first step, which pays for what is done once; 0 before any step. */
    public double medianSeconds() {
        return median(seconds);
    }

    /** As {@link #medianSeconds()}, of CPU time. */
    public double medianCpuSeconds() {
        return median(cpuSeconds);
    }

    public double tokensPerSecond() {
        double all = seconds.stream().mapToDouble(Double::doubleValue).sum();
        return all > 0 ? tokens / all : 0;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream()
                .skip(values.size() > 1 ? 1 : 0)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
