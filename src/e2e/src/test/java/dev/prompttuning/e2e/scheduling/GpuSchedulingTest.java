package dev.prompttuning.e2e.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.e2e.Eventually;
import dev.prompttuning.e2e.Figures;
import dev.prompttuning.e2e.Installation;
import dev.prompttuning.e2e.JobHistory;
import dev.prompttuning.e2e.OnCluster;
import dev.prompttuning.e2e.SmallJob;
import dev.prompttuning.e2e.TestNamespace;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A job that asks for GPUs gets what such a job needs, and says so when the cluster has too few. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GpuSchedulingTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Installation installation;
    private TestNamespace namespace;
    private FakeGpuNode node;
    private List<BoundClaim> volumes = List.of();

    GpuSchedulingTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void start() {
        namespace = installation.namespace("gpu");
        node = FakeGpuNode.start(installation.client());
        volumes = Stream.of("quickstart", "adapters")
                .map(claim -> BoundClaim.of(namespace, claim))
                .toList();
    }

    @AfterAll
    void end() {
        namespace.close();
        volumes.forEach(BoundClaim::close);
        if (node != null) {
            node.close();
        }
    }

    @Test
    void landsOnTheGpuNodeWithTheCudaImage() {
        namespace.apply(SmallJob.named("fits").pod(gpus(1)).yaml());
        Pod pod = Eventually.get("the pod to be scheduled", LONG, () -> namespace
                .pod("fits")
                .filter(found -> found.getSpec().getNodeName() != null));
        Figures.line("a pod that asks for a GPU: " + pod.getSpec().getNodeName() + ", "
                + pod.getSpec().getContainers().get(0).getImage());
        assertEquals(FakeGpuNode.NAME, pod.getSpec().getNodeName());
        assertEquals(
                "ghcr.io/prompttuning/trainer:0.1.0-cuda",
                pod.getSpec().getContainers().get(0).getImage());
        assertEquals(Map.of("e2e-gpu", "fake"), pod.getSpec().getNodeSelector());
        assertEquals("e2e-gpu", pod.getSpec().getRuntimeClassName());
        assertTrue(pod.getSpec().getTolerations().stream()
                .anyMatch(toleration -> "nvidia.com/gpu".equals(toleration.getKey())
                        && "Exists".equals(toleration.getOperator())
                        && "NoSchedule".equals(toleration.getEffect())));
    }

    @Test
    void moreThanThereIsShowsTheSchedulersReason() {
        try (JobHistory history = JobHistory.of(namespace, "too-many")) {
            namespace.apply(SmallJob.named("too-many").pod(gpus(16)).yaml());
            var status = history.await("short of GPUs", LONG, seen -> running(seen.conditions())
                    .filter(condition -> "Unschedulable".equals(condition.getReason()))
                    .filter(condition -> condition.getMessage().contains("Insufficient nvidia.com/gpu"))
                    .isPresent());
            assertEquals("Pending", status.phase());
            String message = running(status.conditions()).orElseThrow().getMessage();
            assertTrue(message.contains("ask for less in spec.pod.resources"), message);
            Figures.line("more GPUs than there are: " + message);
        }
    }

    private static Optional<Condition> running(List<Condition> conditions) {
        return Optional.ofNullable(conditions).stream()
                .flatMap(List::stream)
                .filter(condition -> "Running".equals(condition.getType()))
                .findFirst();
    }

    private static String gpus(int count) {
        return "{resources: {limits: {nvidia.com/gpu: \"" + count + "\"}}}";
    }
}
