package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.Optional;

/**
 * What a Job's {@code podFailurePolicy} says about a failed pod. Rules about conditions of pods match none, as this
 * node disrupts no pod.
 */
final class PodFailureRules {

    private PodFailureRules() {}

    /** The action of the first rule that matches; a failure that matches none counts. */
    static Optional<String> action(PodFailurePolicy policy, Pod pod) {
        return Optional.ofNullable(policy).flatMap(found -> found.getRules().stream()
                .filter(rule -> rule.getOnExitCodes() != null && matches(rule.getOnExitCodes(), pod))
                .map(PodFailurePolicyRule::getAction)
                .findFirst());
    }

    private static boolean matches(PodFailurePolicyOnExitCodesRequirement rule, Pod pod) {
        var container = pod.getStatus().getContainerStatuses().get(0);
        var code = container.getState().getTerminated().getExitCode();
        var named = rule.getContainerName() == null || rule.getContainerName().equals(container.getName());
        return named && code != 0 && rule.getValues().contains(code) == "In".equals(rule.getOperator());
    }
}
