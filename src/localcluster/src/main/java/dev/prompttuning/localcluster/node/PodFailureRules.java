package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.Optional;
import java.util.stream.Stream;

/** What a Job's {@code podFailurePolicy} says about a failed pod: the first rule that matches decides. */
final class PodFailureRules {

    enum Action {
        FAIL_JOB,
        IGNORE,
        COUNT
    }

    /** @param message why, for the condition of the Job; empty when no rule matched */
    record Verdict(Action action, String message) {}

    private static final Verdict NO_RULE = new Verdict(Action.COUNT, "");

    private PodFailureRules() {}

    static Verdict judge(PodFailurePolicy policy, Pod pod) {
        if (policy == null || policy.getRules() == null) {
            return NO_RULE;
        }
        for (int index = 0; index < policy.getRules().size(); index++) {
            var rule = policy.getRules().get(index);
            var match = match(rule, pod);
            if (match.isPresent()) {
                var message = match.get() + " matching " + rule.getAction() + " rule at index " + index;
                return new Verdict(action(rule), message);
            }
        }
        return NO_RULE;
    }

    private static Action action(PodFailurePolicyRule rule) {
        return switch (rule.getAction()) {
            case "FailJob" -> Action.FAIL_JOB;
            case "Ignore" -> Action.IGNORE;
            default -> Action.COUNT;
        };
    }

    private static Optional<String> match(PodFailurePolicyRule rule, Pod pod) {
        var name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
        if (rule.getOnExitCodes() != null) {
            return statuses(pod)
                    .filter(status -> matches(rule.getOnExitCodes(), status))
                    .findFirst()
                    .map(status -> "Container " + status.getName() + " for pod " + name + " failed with exit code "
                            + status.getState().getTerminated().getExitCode());
        }
        return rule.getOnPodConditions().stream()
                .filter(pattern -> pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals(pattern.getType())
                                && condition.getStatus().equals(pattern.getStatus())))
                .findFirst()
                .map(pattern -> "Pod " + name + " has condition " + pattern.getType());
    }

    private static boolean matches(PodFailurePolicyOnExitCodesRequirement rule, ContainerStatus status) {
        var terminated = status.getState() == null ? null : status.getState().getTerminated();
        if (terminated == null || terminated.getExitCode() == 0) {
            return false;
        }
        if (rule.getContainerName() != null && !rule.getContainerName().equals(status.getName())) {
            return false;
        }
        return rule.getValues().contains(terminated.getExitCode())
                == rule.getOperator().equals("In");
    }

    private static Stream<ContainerStatus> statuses(Pod pod) {
        return Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(), pod.getStatus().getContainerStatuses().stream());
    }
}
