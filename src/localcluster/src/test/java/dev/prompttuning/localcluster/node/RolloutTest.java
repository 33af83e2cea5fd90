package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTest {

    private static final String NEW = "new";
    private static final String OLD = "old";

    @Test
    void fillsUpAndScalesDown() {
        assertEquals(2, rollout(2).missing());
        assertEquals(1, rollout(2, pod("a", NEW, true)).missing());
        // Not ready goes before ready.
        assertEquals(List.of("b"), surplus(rollout(1, pod("a", NEW, true), pod("b", NEW, false))));
        assertEquals(List.of("a"), surplus(rollout(0, pod("a", OLD, true))));
    }

    @Test
    void rollsWithoutLosingAvailability() {
        var start = rollout(2, pod("a", OLD, true), pod("b", OLD, true));
        assertEquals(1, start.missing());
        assertEquals(List.of(), surplus(start));

        var surged = rollout(2, pod("a", OLD, true), pod("b", OLD, true), pod("c", NEW, false));
        assertEquals(0, surged.missing());
        assertEquals(List.of(), surplus(surged));

        var ready = rollout(2, pod("a", OLD, true), pod("b", OLD, true), pod("c", NEW, true));
        assertEquals(List.of("a"), surplus(ready));
    }

    @Test
    void brokenOldPodsGoFirst() {
        assertEquals(List.of("a"), surplus(rollout(2, pod("a", OLD, false), pod("b", OLD, true))));
    }

    private static List<String> surplus(Rollout rollout) {
        return rollout.surplus().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static Rollout rollout(int replicas, Pod... pods) {
        return new Rollout(deployment(replicas), NEW, List.of(pods));
    }

    private static Deployment deployment(int replicas) {
        return new DeploymentBuilder()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
    }

    private static Pod pod(String name, String hash, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .addToLabels(DeploymentController.HASH, hash)
                .endMetadata()
                .withNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }
}
