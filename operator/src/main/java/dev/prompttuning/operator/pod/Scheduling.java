package dev.prompttuning.operator.pod;

import dev.prompttuning.api.pod.PodSettings;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.function.UnaryOperator;

/** Where a pod may run. */
final class Scheduling {
    private Scheduling() {}

    static java.util.function.Function<PodSpec, PodSpec> of(PodSettings settings) {
        UnaryOperator<PodSpec> scheduled = pod -> new PodSpecBuilder(pod)
                .withNodeSelector(settings.nodeSelector())
                .withTolerations(settings.tolerations())
                .withAffinity(settings.affinity())
                .withPriorityClassName(settings.priorityClassName())
                .withRuntimeClassName(settings.runtimeClassName())
                .withServiceAccountName(settings.serviceAccountName())
                .build();
        return scheduled;
    }
}
