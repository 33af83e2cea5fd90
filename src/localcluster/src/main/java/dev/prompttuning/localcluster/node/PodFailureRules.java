package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.Optional;

/** What a Job's {@code podFailurePolicy} says about a failed pod. */
final class PodFailureRules {

    static final String FAIL_JOB = "FailJob";
    static final String IGNORE = "Ignore";

    /** @param message why, for the condition of the Job */
    record Verdict(String action, String message) {}

    private PodFailureRules() {}

    /** The first rule that matches decides; a failure that matches none counts. */
    static Optional<Verdict> judge(PodFailurePolicy policy, Pod pod) {
        if (policy == null) {
            return Optional.empty();
        }
        for (int index = 0; index < policy.getRules().size(); index++) {
            var rule = policy.getRules().get(index);
            var match = match(rule, pod);
            if (match.isPresent()) {
                var message = match.get() + " matching " + rule.getAction() + " rule at index " + index;
                return Optional.of(new Verdict(rule.getAction(), message));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> match(PodFailurePolicyRule rule, Pod pod) {
        var name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
        if (rule.getOnExitCodes() != null) {
            return exitCode(rule.getOnExitCodes(), pod)
                    .map(code -> "Container " + container(pod) + " for pod " + name + " failed with exit code " + code);
        }
        return rule.getOnPodConditions().stream()
                .filter(pattern -> pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals(pattern.getType())
                                && condition.getStatus().equals(pattern.getStatus())))
                .findFirst()
                .map(pattern -> "Pod " + name + " has condition " + pattern.getType());
    }

    private static Optional<Integer> exitCode(PodFailurePolicyOnExitCodesRequirement rule, Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> rule.getContainerName() == null
                        || rule.getContainerName().equals(status.getName()))
                .map(status -> status.getState().getTerminated().getExitCode())
                .filter(code -> code != 0
                        && rule.getValues().contains(code) == rule.getOperator().equals("In"))
                .findFirst();
    }

    private static String container(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0).getName();
    }
}
