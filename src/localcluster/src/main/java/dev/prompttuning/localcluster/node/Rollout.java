package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The pods of a Deployment at one moment, and which to add and remove next.
 *
 * @param hash of the present template
 * @param pods all that the Deployment controls
 */
record Rollout(Deployment deployment, String hash, List<Pod> pods) {

    private static final String QUARTER = "25%";

    int replicas() {
        var replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    /** Pods that ended though they should run for ever. */
    List<Pod> ended() {
        return pods.stream()
                .filter(pod -> PodWorker.isTerminal(pod) && !isLeaving(pod))
                .toList();
    }

    List<Pod> active() {
        return pods.stream()
                .filter(pod -> !PodWorker.isTerminal(pod) && !isLeaving(pod))
                .toList();
    }

    List<Pod> updated() {
        return active().stream().filter(this::isUpdated).toList();
    }

    List<Pod> ready() {
        return active().stream().filter(JobRound::isReady).toList();
    }

    /** How many pods of the present template to create now. */
    int missing() {
        var missing = replicas() - updated().size();
        if (isRecreate()) {
            var old = pods.stream().anyMatch(pod -> !isUpdated(pod) && !PodWorker.isTerminal(pod));
            return old ? 0 : Math.max(0, missing);
        }
        var room = replicas() + maxSurge() - active().size();
        return Math.max(0, Math.min(missing, room));
    }

    /** Pods to delete now: of this template when there are too many, of older ones as availability allows. */
    List<Pod> surplus() {
        var result = new ArrayList<Pod>();
        // Those that are not ready first, then the youngest, as a cluster scales down.
        var order = Comparator.comparing(JobRound::isReady)
                .thenComparing(pod -> pod.getMetadata().getCreationTimestamp(), Comparator.reverseOrder());
        updated().stream()
                .sorted(order)
                .limit(Math.max(0, updated().size() - replicas()))
                .forEach(result::add);
        var old = active().stream().filter(pod -> !isUpdated(pod)).toList();
        if (isRecreate() || replicas() == 0) {
            result.addAll(old);
            return result;
        }
        old.stream().filter(pod -> !JobRound.isReady(pod)).forEach(result::add);
        var spare = ready().stream().filter(pod -> !result.contains(pod)).count() - (replicas() - maxUnavailable());
        old.stream().filter(JobRound::isReady).limit(Math.max(0, spare)).forEach(result::add);
        return result;
    }

    private boolean isUpdated(Pod pod) {
        return hash.equals(pod.getMetadata().getLabels().get(DeploymentController.HASH));
    }

    private static boolean isLeaving(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private boolean isRecreate() {
        var strategy = deployment.getSpec().getStrategy();
        return strategy != null && "Recreate".equals(strategy.getType());
    }

    private int maxSurge() {
        var strategy = deployment.getSpec().getStrategy();
        var rolling = strategy == null ? null : strategy.getRollingUpdate();
        return (int) Math.ceil(share(rolling == null ? null : rolling.getMaxSurge()));
    }

    private int maxUnavailable() {
        var strategy = deployment.getSpec().getStrategy();
        var rolling = strategy == null ? null : strategy.getRollingUpdate();
        var result = (int) Math.floor(share(rolling == null ? null : rolling.getMaxUnavailable()));
        // Both at zero would never change anything.
        return result == 0 && maxSurge() == 0 ? 1 : result;
    }

    private double share(IntOrString amount) {
        if (amount != null && amount.getIntVal() != null) {
            return amount.getIntVal();
        }
        var percent = amount == null || amount.getStrVal() == null ? QUARTER : amount.getStrVal();
        return replicas() * Integer.parseInt(percent.replace("%", "").trim()) / 100.0;
    }
}
