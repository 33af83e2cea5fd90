package dev.prompttuning.localcluster.node;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pods of a Deployment at one moment, and which to add and remove next. A rollout is rolling: one pod more than
 * asked for at a time, and never fewer that are ready.
 *
 * @param hash of the present template
 * @param pods all that the Deployment controls
 */
record Rollout(Deployment deployment, String hash, List<Pod> pods) {

    int replicas() {
        return requireNonNullElse(deployment.getSpec().getReplicas(), 1);
    }

    private List<Pod> active() {
        return pods.stream().filter(Pods::isActive).toList();
    }

    private List<Pod> updated() {
        return active().stream().filter(this::isUpdated).toList();
    }

    private boolean isUpdated(Pod pod) {
        return hash.equals(pod.getMetadata().getLabels().get(DeploymentController.HASH));
    }

    private int ready() {
        return (int) active().stream().filter(Pods::isReady).count();
    }

    /** How many pods of the present template to create now. */
    int missing() {
        var room = replicas() + 1 - active().size();
        return Math.max(0, Math.min(replicas() - updated().size(), room));
    }

    /** Pods to delete now: of this template those above the replicas, of older ones those that are not needed any more. */
    List<Pod> surplus() {
        var excess = updated().stream()
                .sorted(Comparator.comparing(Pods::isReady))
                .limit(Math.max(0, updated().size() - replicas()));
        var broken = active().stream().filter(pod -> !isUpdated(pod) && !Pods.isReady(pod));
        var replaced = active().stream()
                .filter(pod -> !isUpdated(pod) && Pods.isReady(pod))
                .limit(Math.max(0, ready() - replicas()));
        return Stream.of(excess, broken, replaced).flatMap(each -> each).toList();
    }

    DeploymentStatus status() {
        return new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(active().size())
                .withUpdatedReplicas(updated().size())
                .withReadyReplicas(ready())
                .withAvailableReplicas(ready())
                .build();
    }
}
