package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user got wrong shows in the conditions, soon, and with what to do about it. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MistakesTest {
    /** What the operator and the scheduler see takes seconds; a busy machine gets more. */
    private static final Duration SOON = Duration.ofSeconds(60);
    /** What the pod sees, it sees after its start. */
    private static final Duration AFTER_START = Duration.ofMinutes(2);

    private static final int TOO_MANY_ROWS = 512;

    private final Installation installation;
    private TestNamespace namespace;
    private Runs runs;

    MistakesTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void fillClaims() {
        namespace = installation.namespace("mistakes");
        runs = new Runs(namespace);
        QuickstartFiles.claims(namespace);
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    /** Applies a job, waits for what is told of it, and notes how long that took. */
    private String told(String what, SmallJob job, String type, String reason, Duration atMost) {
        long applied = System.nanoTime();
        runs.apply(job);
        Condition condition = runs.awaitReason(job.name(), type, reason, atMost);
        Figures.record(what + " is told after", (System.nanoTime() - applied) / 1e9, "s");
        Figures.line(what + ": " + condition.getMessage());
        return condition.getMessage();
    }

    private void delete(String job) {
        namespace.kubectl().run("delete", "ptj", job);
    }

    @Test
    void aMistakeInTheDataIsToldAndNeverRepeated() {
        try (ClaimFiles files = namespace.files("quickstart")) {
            files.write("quickstart/broken.jsonl", "{\"question\": \"Why?\"}\n");
        }
        SmallJob job = SmallJob.named("broken").data("broken.jsonl");
        String message = told("a mistake in the data", job, "Failed", "UserMistake", AFTER_START);
        assertTrue(message.contains("broken.jsonl"), message);
        assertTrue(message.contains("prompt"), message);
        // A second pod would come ten seconds after the first.
        Eventually.pause(Duration.ofSeconds(15));
        assertEquals(1, namespace.pods("broken").size());
        assertEquals(1, namespace.job("broken").getStatus().attempts());
    }

    @Test
    void aMissingModelFolderIsTold() {
        SmallJob job = SmallJob.named("no-model").model("nowhere");
        String message = told("a missing model folder", job, "Failed", "UserMistake", AFTER_START);
        assertTrue(message.contains("nowhere"), message);
    }

    @Test
    void aClaimThatDoesNotBindIsTold() {
        namespace.claim("unbound", "no-such-class");
        SmallJob job = SmallJob.named("no-volume").output("unbound");
        String message = told("a claim that does not bind", job, "Running", "Unschedulable", SOON);
        assertTrue(message.contains("kubectl describe pvc"), message);
        delete("no-volume");
    }

    @Test
    void aClaimThatIsNotThereIsTold() {
        SmallJob job = SmallJob.named("no-claim").output("nowhere");
        String message = told("a claim that is not there", job, "Accepted", "ReferenceMissing", SOON);
        assertTrue(message.contains("PersistentVolumeClaim nowhere"), message);
        delete("no-claim");
    }

    @Test
    void anImageThatCannotBePulledIsTold() {
        SmallJob job = SmallJob.named("no-image").pod("{image: \"registry.invalid/no-such-image:1\"}");
        String message = told("an image that cannot be pulled", job, "Running", "PodNotStarting", SOON);
        assertTrue(message.contains("registry.invalid/no-such-image:1"), message);
        assertTrue(message.contains("spec.pod.image"), message);
        delete("no-image");
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
        Figures.line("a server without its model: " + unavailable("no-model-server", "nowhere"));
    }

    @Test
    void aTrainingWithTooLittleMemorySaysSo() {
        SmallJob job = SmallJob.named("small")
                .batch(TOO_MANY_ROWS)
                .pod("{resources: {limits: {memory: 288Mi}}}")
                .runPolicy("{backoffLimit: 1}");
        String message = told("too little memory", job, "Running", "Retrying", AFTER_START);
        assertTrue(message.contains("exit code 3: There are 288 MiB of memory"), message);
        assertTrue(message.contains("raise spec.pod.resources.limits.memory"), message);
        String last =
                runs.awaitReason("small", "Failed", "OutOfMemory", AFTER_START).getMessage();
        assertTrue(last.startsWith("There are 288 MiB of memory"), last);
    }

    @Test
    void aServerWithTooLittleMemorySaysSo() {
        namespace.apply(
                """
                apiVersion: prompttuning.dev/v1alpha1
                kind: AdapterServe
                metadata: {name: small-server}
                spec:
                  baseModel:
                    persistentVolumeClaim: {claimName: quickstart, path: model}
                  pod: {resources: {limits: {memory: 64Mi}}}
                """);
        String message = unavailable("small-server", "exit code 3: There are 64 MiB of memory");
        assertTrue(message.contains("raise spec.pod.resources.limits.memory"), message);
        Figures.line("a server with too little memory: " + message);
    }

    private String unavailable(String serve, String words) {
        String message =
                Eventually.get("server " + serve + " to say what it lacks", AFTER_START, () -> Optional.ofNullable(
                                namespace.serve(serve).getStatus())
                        .flatMap(status -> status.conditions().stream()
                                .filter(condition -> "Available".equals(condition.getType()))
                                .filter(condition -> "False".equals(condition.getStatus()))
                                .map(Condition::getMessage)
                                .filter(text -> text.contains(words))
                                .findFirst()));
        namespace.kubectl().run("delete", "aserve", serve);
        return message;
    }
}
