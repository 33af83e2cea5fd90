package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong under a run: its pod, its operator, its API server, and what its user wrote. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
    /** A mistake has to be told of in seconds; a busy cluster gets some more. */
    private static final Duration SOON = Duration.ofSeconds(40);

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

    private Pod nextPod(String job, Pod before) {
        return Eventually.get("another pod of " + job, Duration.ofMinutes(2), () -> namespace
                .pod(job)
                .filter(pod ->
                        !pod.getMetadata().getName().equals(before.getMetadata().getName()))
                .filter(pod -> "Running".equals(pod.getStatus().getPhase())));
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

    @Test
    void theOperatorMayBeKilledAtAnyMoment() {
        long seed = Long.getLong("e2e.seed", System.nanoTime());
        Figures.line("moments of the operator's deaths follow from -De2e.seed=" + seed);
        Random random = new Random(seed);
        runs.apply(SmallJob.named("orphan").steps(2000).checkpointEvery(100));
        for (int kill = 0; kill < KILLS; kill++) {
            Eventually.pause(Duration.ofMillis(random.nextInt(10_000)));
            killOperator();
        }
        long back = System.nanoTime();
        installation.awaitOperator();
        Figures.record("from the operator's death to its being ready", (System.nanoTime() - back) / 1e9, "s");
        PromptTuningJobStatus status = runs.awaitPhase("orphan", "Succeeded");
        assertEquals(1, status.attempts(), "training did not notice");
        assertEquals(1, namespace.pods("orphan").size());
        assertEquals(100, status.progress().percent());
        Adapters.assertOnClaim(namespace, status.adapter());
        assertTrue(namespace.eventReasons(namespace.job("orphan")).contains("AdapterWritten"));
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
    void aMistakeInTheDataIsToldAndNeverRepeated() {
        try (ClaimFiles files = namespace.files("quickstart")) {
            files.write("quickstart/broken.jsonl", "{\"question\": \"Why?\"}\n");
        }
        runs.apply(SmallJob.named("broken").data("broken.jsonl"));
        Condition failed = runs.awaitReason("broken", "Failed", "UserMistake", Duration.ofMinutes(2));
        assertTrue(failed.getMessage().contains("broken.jsonl"), failed.getMessage());
        assertTrue(failed.getMessage().contains("prompt"), failed.getMessage());
        assertEquals(1, namespace.pods("broken").size());
        Figures.line("a mistake in the data: " + failed.getMessage());
    }

    @Test
    void aMissingModelFolderIsTold() {
        runs.apply(SmallJob.named("no-model").model("nowhere"));
        Condition failed = runs.awaitReason("no-model", "Failed", "UserMistake", Duration.ofMinutes(2));
        assertTrue(failed.getMessage().contains("nowhere"), failed.getMessage());
        Figures.line("a missing model folder: " + failed.getMessage());
    }

    @Test
    void aClaimThatDoesNotBindIsTold() {
        namespace.claim("unbound", "no-such-class");
        runs.apply(SmallJob.named("no-volume").output("unbound"));
        Condition running = runs.awaitReason("no-volume", "Running", "Unschedulable", SOON);
        assertTrue(running.getMessage().contains("kubectl describe pvc"), running.getMessage());
        namespace.kubectl().run("delete", "ptj", "no-volume");
    }

    @Test
    void aClaimThatIsNotThereIsTold() {
        runs.apply(SmallJob.named("no-claim").output("nowhere"));
        Condition accepted = runs.awaitReason("no-claim", "Accepted", "ReferenceMissing", SOON);
        assertTrue(accepted.getMessage().contains("PersistentVolumeClaim nowhere"), accepted.getMessage());
        namespace.kubectl().run("delete", "ptj", "no-claim");
    }

    @Test
    void anImageThatCannotBePulledIsTold() {
        runs.apply(SmallJob.named("no-image").pod("{image: \"registry.invalid/no-such-image:1\"}"));
        Condition running = runs.awaitReason("no-image", "Running", "PodNotStarting", SOON);
        assertTrue(running.getMessage().contains("registry.invalid/no-such-image:1"), running.getMessage());
        namespace.kubectl().run("delete", "ptj", "no-image");
    }

    @Test
    void aServerWithoutItsModelSaysSo() {
        namespace.apply(
                """
                apiVersion: prompttuning.dev/v1alpha1
                kind: AdapterServe
                metadata: {name: no-model-server}
                spec:
                  baseModel:
                    persistentVolumeClaim: {claimName: quickstart, path: nowhere}
                """);
        String message =
                Eventually.get("the server to say what it lacks", Duration.ofMinutes(2), () -> Optional.ofNullable(
                                namespace.serve("no-model-server").getStatus())
                        .flatMap(status -> status.conditions().stream()
                                .filter(condition -> "Available".equals(condition.getType()))
                                .map(Condition::getMessage)
                                .filter(text -> text.contains("nowhere"))
                                .findFirst()));
        Figures.line("a server without its model: " + message);
        namespace.kubectl().run("delete", "aserve", "no-model-server");
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
