package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code spec.runPolicy} promises, and what is left of a run when its resource goes. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifeCycleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int ENDLESS = 100_000;

    private final Installation installation;
    private TestNamespace namespace;
    private Runs runs;

    LifeCycleTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void fillClaims() {
        namespace = installation.namespace("life");
        runs = new Runs(namespace);
        QuickstartFiles.claims(namespace);
    }

    @AfterAll
    void deleteNamespace() {
        namespace.close();
    }

    @Test
    void aSuspendedRunGoesOnFromItsCheckpointToTheSameAdapter() {
        SmallJob job = SmallJob.named("suspended").steps(400).checkpointEvery(20);
        runs.apply(job);
        runs.awaitStep("suspended", 40);
        long asked = System.nanoTime();
        runs.patchRunPolicy("suspended", "{\"suspend\":true}");
        runs.awaitPhase("suspended", "Suspended");
        runs.awaitNoPods("suspended");
        Figures.record("from suspend to no pod", (System.nanoTime() - asked) / 1e9, "s");
        try (ClaimFiles files = namespace.files("adapters")) {
            List<String> left = files.list("adapters");
            assertTrue(
                    left.stream().anyMatch(file -> file.startsWith(".suspended.checkpoint/step-")),
                    () -> "the checkpoint stays: " + left);
        }

        runs.apply(SmallJob.named("straight").steps(400).checkpointEvery(20));
        runs.patchRunPolicy("suspended", "{\"suspend\":false}");
        runs.assertSameAdapter("straight", "suspended");
        assertTrue(runs.startedFrom(namespace.pod("suspended").orElseThrow()) >= 40, "it goes on where it was");
    }

    @Test
    void aRunThatWaitsFromTheBeginningHasNoPodUntilItMay() {
        runs.apply(SmallJob.named("waiting").steps(5).runPolicy("{suspend: true}"));
        runs.awaitPhase("waiting", "Suspended");
        assertEquals(List.of(), namespace.pods("waiting"));
        runs.patchRunPolicy("waiting", "{\"suspend\":false}");
        runs.awaitPhase("waiting", "Succeeded");
    }

    @Test
    void aFailureIsRepeatedAsOftenAsTheBackoffLimitSays() {
        runs.apply(SmallJob.named("failing")
                .pod("{env: [{name: JAVA_OPTIONS, value: \"-XX:+NoSuchOption\"}]}")
                .runPolicy("{backoffLimit: 1}"));
        PromptTuningJobStatus status = runs.awaitPhase("failing", "Failed");
        String message = runs.awaitReason("failing", "Failed", "BackoffLimitExceeded", MINUTE)
                .getMessage();
        assertTrue(message.contains("exit code 1"), message);
        assertEquals(2, namespace.pods("failing").size());
        assertEquals(2, status.attempts());
    }

    @Test
    void aRunIsStoppedAtItsDeadline() {
        runs.apply(SmallJob.named("late").steps(ENDLESS).runPolicy("{activeDeadlineSeconds: 15}"));
        runs.awaitReason("late", "Failed", "DeadlineExceeded", Duration.ofMinutes(2));
        runs.awaitNoPods("late");
        assertEquals(1, namespace.job("late").getStatus().attempts());
    }

    /** A finalizer of the test keeps what is deleted, so that the time of the request can be read, whoever looks when. */
    @Test
    void aFinishedRunIsDeletedOnTimeAndItsAdapterStays() {
        int seconds = 6;
        runs.apply(SmallJob.named("brief").steps(5).runPolicy("{ttlSecondsAfterFinished: " + seconds + "}"));
        patchFinalizers("brief", "[\"e2e.prompttuning.dev/look\"]");
        Eventually.holds(
                "job brief to be deleted",
                Duration.ofMinutes(3),
                () -> namespace.job("brief").getMetadata().getDeletionTimestamp() != null);
        PromptTuningJob deleted = namespace.job("brief");
        Instant completed = Instant.parse(deleted.getStatus().completionTime());
        Instant asked = Instant.parse(deleted.getMetadata().getDeletionTimestamp());
        long lived = Duration.between(completed, asked).toSeconds();
        Figures.record("from a run's end to its deletion, of " + seconds, lived, "s");
        // Both times are in whole seconds, and one second is what a busy machine may lose.
        assertTrue(lived >= seconds && lived <= seconds + 1, () -> "deleted after " + lived + " s");
        patchFinalizers("brief", "null");
        runs.awaitNoPods("brief");
        Adapters.assertOnClaim(namespace, deleted.getStatus().adapter());
    }

    private void patchFinalizers(String job, String json) {
        namespace
                .kubectl()
                .run("patch", "ptj", job, "--type=merge", "-p", "{\"metadata\":{\"finalizers\":" + json + "}}");
    }

    @Test
    void deletingARunTakesAllButItsCheckpoint() {
        runs.apply(SmallJob.named("deleted").steps(ENDLESS).checkpointEvery(5));
        runs.awaitStep("deleted", 10);
        assertEquals(List.of(), namespace.job("deleted").getMetadata().getFinalizers(), "nothing needs a finalizer");
        namespace.kubectl().run("delete", "ptj", "deleted");
        runs.awaitNoPods("deleted");
        for (String kind : List.of("jobs", "configmaps")) {
            Eventually.holds("the " + kind + " to be gone", MINUTE, () -> namespace
                    .kubectl()
                    .run("get", kind, "-l", "app.kubernetes.io/instance=deleted", "-o", "name")
                    .isBlank());
        }
        try (ClaimFiles files = namespace.files("adapters")) {
            List<String> left = files.list("adapters");
            assertTrue(left.stream().anyMatch(file -> file.startsWith(".deleted.checkpoint/")), left::toString);
            assertFalse(left.stream().anyMatch(file -> file.startsWith("deleted/")), left::toString);
        }
    }
}
