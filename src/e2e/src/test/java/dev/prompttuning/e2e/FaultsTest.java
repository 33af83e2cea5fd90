package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong under a run: its pod, its operator, its API server. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
    private static final int STEPS = 400;
    /** Sends SIGKILL to a container's processes, where a command for that is named. */
    private static final Optional<Program> KILL = Optional.ofNullable(System.getProperty("e2e.kill"))
            .map(command -> new Program("sh", "-c", command + " \"$0\""));

    private static final int KILLS = 10;

    private final Installation installation;
    private TestNamespace namespace;
    private Runs runs;

    FaultsTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void fillClaims() {
        namespace = installation.namespace("faults");
        runs = new Runs(namespace);
        QuickstartFiles.claims(namespace);
        runs.apply(job("undisturbed"));
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    private static SmallJob job(String name) {
        return SmallJob.named(name).steps(STEPS).checkpointEvery(20);
    }

    @Test
    void aRunWhosePodIsDeletedEndsWithTheSameAdapter() {
        runs.apply(job("pod-deleted"));
        Pod first = runs.awaitStep("pod-deleted", 40);
        namespace.kubectl().run("delete", "pod", first.getMetadata().getName(), "--grace-period=0", "--force");
        Pod second = nextPod("pod-deleted", first);
        runs.assertSameAdapter("undisturbed", "pod-deleted");
        assertTrue(runs.startedFrom(second) >= 20, "it goes on from a checkpoint");
    }

    @Test
    void aRunWhosePodIsKilledForMemoryEndsWithTheSameAdapter() {
        runs.apply(job("out-of-memory")
                .pod("{resources: {limits: {memory: 1536Mi}}, volumes: [{name: filler, emptyDir: {medium: Memory}}],"
                        + " volumeMounts: [{name: filler, mountPath: /filler}]}"));
        Pod first = runs.awaitStep("out-of-memory", 40);
        // Files in memory count as the container's, and its largest process is killed for them.
        namespace
                .kubectl()
                .attempt(
                        new byte[0],
                        "exec",
                        first.getMetadata().getName(),
                        "--",
                        "sh",
                        "-c",
                        "head -c 4G /dev/zero > /filler/zeros");
        Pod second = nextPod("out-of-memory", first);
        assertEquals("OOMKilled", endOf(first), "the kernel killed it");
        runs.assertSameAdapter("undisturbed", "out-of-memory");
        assertTrue(runs.startedFrom(second) >= 20, "it goes on from a checkpoint");
    }

    @Test
    void anEvictedPodCostsNoAttempt() {
        runs.apply(job("evicted").runPolicy("{backoffLimit: 0}"));
        Pod first = runs.awaitStep("evicted", 40);
        String pod = first.getMetadata().getName();
        String eviction =
                "{\"apiVersion\": \"policy/v1\", \"kind\": \"Eviction\", \"metadata\": {\"name\": \"" + pod + "\"}}";
        namespace
                .kubectl()
                .feed(
                        eviction.getBytes(StandardCharsets.UTF_8),
                        "create",
                        "--raw",
                        "/api/v1/namespaces/" + namespace.name() + "/pods/" + pod + "/eviction",
                        "-f",
                        "-");
        Pod second = nextPod("evicted", first);
        runs.assertSameAdapter("undisturbed", "evicted");
        assertTrue(runs.startedFrom(second) >= 40, "it goes on from the step that the evicted pod saved");
    }

    private Pod nextPod(String job, Pod before) {
        return Eventually.get("another pod of " + job, Duration.ofMinutes(2), () -> namespace
                .pod(job)
                .filter(pod ->
                        !pod.getMetadata().getName().equals(before.getMetadata().getName()))
                .filter(pod ->
                        List.of("Running", "Succeeded").contains(pod.getStatus().getPhase())));
    }

    private String endOf(Pod pod) {
        return namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withName(pod.getMetadata().getName())
                .get()
                .getStatus()
                .getContainerStatuses()
                .get(0)
                .getState()
                .getTerminated()
                .getReason();
    }

    /** Run follows run until so many deaths have hit one that was not over, from before its pod's start to after its end. */
    @Test
    void theOperatorMayBeKilledAtAnyMoment() {
        long seed = Long.getLong("e2e.seed", System.nanoTime());
        Figures.line("moments of the operator's deaths follow from -De2e.seed=" + seed);
        Random random = new Random(seed);
        List<String> orphans = new ArrayList<>();
        for (int kills = 0; kills < KILLS; kills++) {
            if (orphans.isEmpty() || over(orphans.get(orphans.size() - 1))) {
                orphans.add("orphan-" + orphans.size());
                runs.apply(job(orphans.get(orphans.size() - 1)));
            }
            Eventually.pause(Duration.ofMillis(random.nextInt(10_000)));
            killOperator();
        }
        long back = System.nanoTime();
        installation.awaitOperator();
        Figures.record("from the operator's death to its being ready", (System.nanoTime() - back) / 1e9, "s");
        Figures.line(KILLS + " deaths of the operator under so many runs: " + orphans.size());
        for (String orphan : orphans) {
            runs.assertSameAdapter("undisturbed", orphan);
            PromptTuningJobStatus status = namespace.job(orphan).getStatus();
            assertEquals(1, status.attempts(), "training did not notice");
            assertEquals(1, namespace.pods(orphan).size());
            assertEquals(100, status.progress().percent());
            assertTrue(namespace.eventReasons(namespace.job(orphan)).contains("AdapterWritten"));
        }
        Adapters.assertOnClaim(
                namespace, namespace.job(orphans.get(0)).getStatus().adapter());
    }

    /** Whether the run's Job is complete; the operator may not have been there to say so. */
    private boolean over(String job) {
        return namespace
                .client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace.name())
                .withLabel("app.kubernetes.io/instance", job)
                .list()
                .getItems()
                .stream()
                .anyMatch(found -> found.getStatus().getCompletionTime() != null);
    }

    /**
     * Waits for none but the pod that is there: a starting operator is killed as well as a working one. The pod goes with its
     * process, because the node would let a container that died wait longer and longer.
     */
    private void killOperator() {
        Pod operator = Eventually.get("an operator to kill", Duration.ofMinutes(1), installation::operatorPod);
        operator.getStatus().getContainerStatuses().stream()
                .filter(container -> container.getState().getRunning() != null)
                .forEach(container -> KILL.ifPresent(command -> command.run(idOf(container))));
        Installation.kubectl(Installation.NAMESPACE)
                .run("delete", "pod", operator.getMetadata().getName(), "--grace-period=0", "--force");
    }

    /** Without the name of its runtime, as {@code containerd://ID} has it. */
    private static String idOf(ContainerStatus container) {
        return container.getContainerID().replaceFirst(".*//", "");
    }

    @Test
    @EnabledIfSystemProperty(
            named = "e2e.restartApiServer",
            matches = ".+",
            disabledReason = "-De2e.restartApiServer=COMMAND names no command that restarts this cluster's API server")
    void theApiServerMayBeRestartedUnderARun() {
        runs.apply(job("restarted"));
        runs.awaitStep("restarted", 20);
        var restart = new Program("sh", "-c", System.getProperty("e2e.restartApiServer"));
        System.out.println(new String(restart.feed(new byte[0]).out(), StandardCharsets.UTF_8));
        Eventually.holds(
                "the API server to be back",
                Duration.ofMinutes(2),
                () -> new Program("kubectl", "get", "--raw", "/readyz")
                                .attempt(new byte[0])
                                .code()
                        == 0);
        runs.assertSameAdapter("undisturbed", "restarted");
        assertEquals(1, namespace.job("restarted").getStatus().attempts());
    }
}
