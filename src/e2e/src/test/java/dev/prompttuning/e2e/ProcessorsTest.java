package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** PyTorch takes the threads that the pod may use, not those that the node has. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessorsTest {
    private final Installation installation;
    private TestNamespace namespace;
    private Runs runs;

    ProcessorsTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void fillClaims() {
        namespace = installation.namespace("processors");
        runs = new Runs(namespace);
        QuickstartFiles.claims(namespace);
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    @Test
    void threadsFollowTheLimit() {
        assertEquals(1, threads(pod("one", "{resources: {limits: {cpu: \"1\"}}}")));
    }

    @Test
    void withoutALimitThereIsAThreadForEachProcessor() {
        Pod pod = pod("all", "{}");
        var node =
                namespace.client().nodes().withName(pod.getSpec().getNodeName()).get();
        int processors =
                node.getStatus().getCapacity().get("cpu").getNumericalAmount().intValue();
        assertEquals(processors, threads(pod));
    }

    private Pod pod(String job, String settings) {
        runs.apply(SmallJob.named(job).steps(2).pod(settings));
        runs.awaitPhase(job, "Succeeded");
        return namespace.pod(job).orElseThrow();
    }

    private int threads(Pod pod) {
        return runs.started(pod).path("threads").asInt();
    }
}
