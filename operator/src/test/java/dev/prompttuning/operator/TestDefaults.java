package dev.prompttuning.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images with names that tests recognise, and GPU nodes that are tainted and labelled. */
public record TestDefaults(Images images, GpuDefaults gpu) implements PodDefaults {
    public static final TestDefaults DEFAULTS = new TestDefaults(
            new TestImages("trainer:cpu", "trainer:cuda"),
            new TestGpu(
                    Map.of("accelerator", "nvidia", "pool", "any"),
                    List.of(new GpuTaint("nvidia.com/gpu"), new GpuTaint("gpu-pool")),
                    Optional.of("nvidia")));

    private record TestImages(String trainerCpu, String trainerCuda) implements Images {}

    private record TestGpu(
            Map<String, String> nodeSelector, List<TolerationDefault> tolerations, Optional<String> runtimeClassName)
            implements GpuDefaults {}

    private record GpuTaint(
            Optional<String> key,
            Optional<String> operator,
            Optional<String> value,
            Optional<String> effect,
            Optional<Long> tolerationSeconds)
            implements GpuDefaults.TolerationDefault {
        GpuTaint(String key) {
            this(
                    Optional.of(key),
                    Optional.of("Exists"),
                    Optional.empty(),
                    Optional.of("NoSchedule"),
                    Optional.empty());
        }
    }
}
