package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes down the state of a pod as its status. */
final class PodStatuses {

    /**
     * What is known of a pod.
     *
     * @param refusal why it is not scheduled
     * @param mounted whether its volumes are there
     */
    record Facts(
            String phase,
            Instant seen,
            Optional<String> refusal,
            boolean mounted,
            List<ContainerWorker> initContainers,
            List<ContainerWorker> containers) {}

    private PodStatuses() {}

    /** @param before the status so far, from which conditions that did not change keep their time */
    static PodStatus of(Facts facts, PodStatus before) {
        var ended = facts.phase().equals("Succeeded") || facts.phase().equals("Failed");
        var initialized = facts.initContainers().stream().allMatch(init -> init.hasEnded() && init.exitCode() == 0);
        var ready = !ended && facts.containers().stream().allMatch(ContainerWorker::isReady);
        var notReady = ended ? "PodCompleted" : "ContainersNotReady";
        var times = before == null ? List.<PodCondition>of() : before.getConditions();
        var builder = new PodStatusBuilder()
                .withPhase(facts.phase())
                .withQosClass("BestEffort")
                .withConditions(
                        condition("PodScheduled", facts.refusal().isEmpty(), "Unschedulable", facts.refusal(), times),
                        condition("Initialized", initialized, "ContainersNotInitialized", Optional.empty(), times),
                        condition("ContainersReady", ready, notReady, Optional.empty(), times),
                        condition("Ready", ready, notReady, Optional.empty(), times));
        if (facts.refusal().isPresent()) {
            return builder.build();
        }
        return builder.withStartTime(Timestamps.of(facts.seen()))
                .withHostIP(LocalNode.ADDRESS)
                .withPodIP(facts.mounted() ? LocalNode.ADDRESS : null)
                .withPodIPs(facts.mounted() ? List.of(new PodIP(LocalNode.ADDRESS)) : List.of())
                .withInitContainerStatuses(facts.initContainers().stream()
                        .map(container -> container.status(true))
                        .toList())
                .withContainerStatuses(facts.containers().stream()
                        .map(container -> container.status(false))
                        .toList())
                .build();
    }

    private static PodCondition condition(
            String type, boolean holds, String reason, Optional<String> message, List<PodCondition> before) {
        var status = holds ? "True" : "False";
        var since = before.stream()
                .filter(old -> old.getType().equals(type) && status.equals(old.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElseGet(Timestamps::now);
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(holds ? null : reason)
                .withMessage(holds ? null : message.orElse(null))
                .withLastTransitionTime(since)
                .build();
    }
}
