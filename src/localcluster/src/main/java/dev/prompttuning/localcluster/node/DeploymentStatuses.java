package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Writes down the state of a Deployment as its status. */
final class DeploymentStatuses {

    private static final String AVAILABLE = "Available";
    private static final String PROGRESSING = "Progressing";
    private static final int DEFAULT_DEADLINE_SECONDS = 600;

    private DeploymentStatuses() {}

    static DeploymentStatus of(Deployment deployment, Rollout rollout, Instant now) {
        var before = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        var active = rollout.active().size();
        var updated = rollout.updated().size();
        var ready = rollout.ready().size();
        var wanted = rollout.replicas();
        var counts = new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(active)
                .withUpdatedReplicas(updated)
                .withReadyReplicas(ready)
                .withAvailableReplicas(ready)
                .withUnavailableReplicas(Math.max(0, wanted - ready))
                .build();
        var available = condition(
                before,
                AVAILABLE,
                ready >= wanted - wanted / 4,
                ready >= wanted - wanted / 4 ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                "Deployment has " + ready + " of " + wanted + " replicas available.",
                Timestamps.of(now));
        counts.setConditions(List.of(available, progressing(deployment, before, counts, now)));
        return counts;
    }

    private static DeploymentCondition progressing(
            Deployment deployment, DeploymentStatus before, DeploymentStatus counts, Instant now) {
        var name = "Deployment \"" + deployment.getMetadata().getName() + "\"";
        var wanted = Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(1);
        var last = find(before, PROGRESSING);
        var complete = counts.getUpdatedReplicas().equals(wanted)
                && counts.getReplicas().equals(wanted)
                && counts.getAvailableReplicas().equals(wanted);
        if (complete) {
            return condition(
                    before,
                    PROGRESSING,
                    true,
                    "NewReplicaSetAvailable",
                    name + " has successfully progressed.",
                    last.map(DeploymentCondition::getLastUpdateTime).orElse(Timestamps.of(now)));
        }
        var moved = !Objects.equals(before.getObservedGeneration(), counts.getObservedGeneration())
                || !Objects.equals(before.getUpdatedReplicas(), counts.getUpdatedReplicas())
                || !Objects.equals(before.getReadyReplicas(), counts.getReadyReplicas())
                || !Objects.equals(before.getReplicas(), counts.getReplicas());
        var since = moved ? now : last.map(DeploymentStatuses::updated).orElse(now);
        if (now.isBefore(since.plusSeconds(deadline(deployment)))) {
            return condition(
                    before, PROGRESSING, true, "ReplicaSetUpdated", name + " is progressing.", Timestamps.of(since));
        }
        return condition(
                before,
                PROGRESSING,
                false,
                "ProgressDeadlineExceeded",
                name + " has timed out progressing.",
                Timestamps.of(since));
    }

    /** When a rollout that stands still has to be called failed. */
    static Optional<Duration> untilStalled(Deployment deployment, DeploymentStatus status, Instant now) {
        return find(status, PROGRESSING)
                .filter(condition -> "ReplicaSetUpdated".equals(condition.getReason()))
                .map(condition -> Timestamps.until(updated(condition).plusSeconds(deadline(deployment)), now));
    }

    private static int deadline(Deployment deployment) {
        var seconds = deployment.getSpec().getProgressDeadlineSeconds();
        return seconds == null ? DEFAULT_DEADLINE_SECONDS : seconds;
    }

    private static Instant updated(DeploymentCondition condition) {
        return Instant.parse(condition.getLastUpdateTime());
    }

    private static Optional<DeploymentCondition> find(DeploymentStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    private static DeploymentCondition condition(
            DeploymentStatus before, String type, boolean holds, String reason, String message, String updated) {
        var old = find(before, type);
        var status = holds ? "True" : "False";
        var same = old.isPresent() && status.equals(old.get().getStatus());
        var unchanged = same && reason.equals(old.get().getReason()) && type.equals(AVAILABLE);
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastUpdateTime(unchanged ? old.get().getLastUpdateTime() : updated)
                .withLastTransitionTime(same ? old.get().getLastTransitionTime() : updated)
                .build();
    }
}
