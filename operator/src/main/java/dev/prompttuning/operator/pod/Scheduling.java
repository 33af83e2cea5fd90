package dev.prompttuning.operator.pod;

import dev.prompttuning.api.pod.PodSettings;
import dev.prompttuning.operator.GpuDefaults;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where a pod may run. */
final class Scheduling {
    private Scheduling() {}

    /** As its settings say. */
    static UnaryOperator<PodSpec> of(PodSettings settings) {
        return pod -> new PodSpecBuilder(pod)
                .withNodeSelector(settings.nodeSelector())
                .withTolerations(settings.tolerations())
                .withAffinity(settings.affinity())
                .withPriorityClassName(settings.priorityClassName())
                .withRuntimeClassName(settings.runtimeClassName())
                .withServiceAccountName(settings.serviceAccountName())
                .build();
    }

    /** On a GPU node: the defaults fill what the pod leaves open; tolerations add up. */
    static UnaryOperator<PodSpec> onGpu(GpuDefaults defaults) {
        return pod -> new PodSpecBuilder(pod)
                .withNodeSelector(nodeSelector(defaults, pod.getNodeSelector()))
                .withTolerations(tolerations(defaults, pod.getTolerations()))
                .withRuntimeClassName(
                        pod.getRuntimeClassName() == null
                                ? defaults.runtimeClassName().orElse(null)
                                : pod.getRuntimeClassName())
                .build();
    }

    private static Map<String, String> nodeSelector(GpuDefaults defaults, Map<String, String> asked) {
        Map<String, String> labels = new TreeMap<>(defaults.nodeSelector());
        labels.putAll(asked == null ? Map.of() : asked);
        return labels;
    }

    private static List<Toleration> tolerations(GpuDefaults defaults, List<Toleration> asked) {
        return Stream.concat(
                        defaults.tolerations().stream().map(Scheduling::toleration),
                        Stream.ofNullable(asked).flatMap(List::stream))
                .distinct()
                .toList();
    }

    private static Toleration toleration(GpuDefaults.TolerationDefault toleration) {
        return new TolerationBuilder()
                .withKey(toleration.key().orElse(null))
                .withOperator(toleration.operator().orElse(null))
                .withValue(toleration.value().orElse(null))
                .withEffect(toleration.effect().orElse(null))
                .withTolerationSeconds(toleration.tolerationSeconds().orElse(null))
                .build();
    }
}
