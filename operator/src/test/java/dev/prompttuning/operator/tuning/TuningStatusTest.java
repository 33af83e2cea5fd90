package dev.prompttuning.operator.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.api.contract.Progress;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.GoldenFiles;
import dev.prompttuning.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuningStatusTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:10:00Z");
    private static final String RESULT =
            """
            {"path":"/a","digest":"sha256:1","method":"PromptTuning","numVirtualTokens":20,"trainableParameters":11520,
            "allParameters":134000000,"bytes":46208,"metrics":{"loss":0.25},"steps":120,"seconds":300.0}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            # job condition | its reason | pod phase | exit | message | phase | condition | reason
            - | - | - | - | - | Pending | Running | PodPending
            - | - | Pending | - | - | Pending | Running | PodPending
            - | - | Running | - | - | Running | Running | Training
            - | - | Succeeded | 0 | RESULT | Running | Running | Training
            - | - | Failed | 3 | Only 1 MiB. | Pending | Running | Retrying
            - | - | Failed | 137 | - | Pending | Running | Retrying
            - | - | Failed | 2 | Line 3 is no JSON. | Pending | Running | PodPending
            Complete | - | Succeeded | 0 | RESULT | Succeeded | Complete | AdapterWritten
            Failed | PodFailurePolicy | Failed | 2 | Line 3 is no JSON. | Failed | Failed | UserMistake
            Failed | BackoffLimitExceeded | Failed | 3 | Only 1 MiB. | Failed | Failed | OutOfMemory
            Failed | BackoffLimitExceeded | Failed | 3 | - | Failed | Failed | OutOfMemory
            Failed | BackoffLimitExceeded | Failed | 137 | - | Failed | Failed | OutOfMemory
            Failed | BackoffLimitExceeded | Failed | 1 | - | Failed | Failed | BackoffLimitExceeded
            Failed | BackoffLimitExceeded | Failed | 143 | - | Failed | Failed | BackoffLimitExceeded
            Failed | DeadlineExceeded | - | - | - | Failed | Failed | DeadlineExceeded
            Failed | DeadlineExceeded | Failed | 137 | - | Failed | Failed | DeadlineExceeded
            """)
    void phaseFollowsFromWhatIsSeen(
            String jobCondition,
            String jobReason,
            String podPhase,
            Integer exit,
            String message,
            String phase,
            String condition,
            String reason)
            throws IOException {
        Observed seen = seen(jobCondition, jobReason, podPhase, exit, "RESULT".equals(message) ? RESULT : message);
        var status = TuningStatus.of(job(), seen, NOW);
        assertEquals(phase, status.phase());
        assertEquals(
                reason,
                Conditions.find(status.conditions(), condition).orElseThrow().getReason());
        if ("Failed".equals(phase) && exit != null && exit > 1 && message != null) {
            assertEquals(
                    message,
                    Conditions.find(status.conditions(), "Failed").orElseThrow().getMessage());
        }
    }

    @Test
    void aFailureIsToldUntilTheNextPodRuns() throws IOException {
        Pod first = pod("Failed", 3, "Only 1 MiB.");
        Pod second = new PodBuilder(pod("Pending", null, null))
                .editMetadata()
                .withName("q")
                .withCreationTimestamp("2030-01-01T00:01:00Z")
                .endMetadata()
                .build();
        assertEquals(
                "Pod p ended with exit code 3: Only 1 MiB. Another pod goes on, as often as spec.runPolicy.backoffLimit"
                        + " allows.",
                running(first, second).getMessage());
        second.getStatus().setPhase("Running");
        assertEquals("Pod q trains.", running(first, second).getMessage());
    }

    private static Condition running(Pod... pods) throws IOException {
        Observed one = seen(null, null, null, null, null);
        Observed all = new Observed(Optional.empty(), Optional.empty(), one.job(), List.of(pods), Optional.empty());
        return Conditions.find(TuningStatus.of(job(), all, NOW).conditions(), "Running")
                .orElseThrow();
    }

    @Test
    void resultBecomesTheAdapter() throws IOException {
        var status = TuningStatus.of(job(), seen("Complete", null, "Succeeded", 0, RESULT), NOW);
        assertEquals("team-a/movies", status.adapter().path());
        assertEquals("sha256:1", status.adapter().digest());
        assertEquals(0.25, status.metrics().get("loss"));
        assertEquals("100%", status.progressText());
        assertEquals("2030-01-01T00:10:00Z", status.completionTime());
    }

    @Test
    void progressIsShown() throws IOException {
        Observed running = seen(null, null, "Running", null, null);
        var progress = new Progress(30, 120, 25, 0.5, 1.23456, 0.01, 800.0, 95L, 20, "2030-01-01T00:09:00Z");
        var status = TuningStatus.of(
                job(),
                new Observed(Optional.empty(), Optional.empty(), running.job(), running.pods(), Optional.of(progress)),
                NOW);
        assertEquals("25%", status.progressText());
        assertEquals("1.2346", status.lossText());
        assertEquals("1m35s", status.eta());
        assertEquals(20, status.checkpoint().step());
    }

    @Test
    void secondLookChangesNothing() throws IOException {
        PromptTuningJob job = job();
        Observed seen = seen("Complete", null, "Succeeded", 0, RESULT);
        job.setStatus(TuningStatus.of(job, seen, NOW));
        assertEquals(job.getStatus(), TuningStatus.of(job, seen, NOW.plusSeconds(60)));
    }

    private static PromptTuningJob job() throws IOException {
        return GoldenFiles.with("in-job.yaml").stream()
                .filter(scenario -> scenario.toString().equals("prompt-on-cpu"))
                .findFirst()
                .orElseThrow()
                .read("in-job.yaml", PromptTuningJob.class);
    }

    private static Observed seen(String condition, String reason, String podPhase, Integer exit, String message) {
        JobBuilder job = new JobBuilder()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withActive(1)
                .endStatus();
        if (condition != null) {
            job.editStatus()
                    .addNewCondition()
                    .withType(condition)
                    .withStatus("True")
                    .withReason(reason)
                    .endCondition()
                    .endStatus();
        }
        Job made = job.build();
        List<Pod> pods = podPhase == null ? List.of() : List.of(pod(podPhase, exit, message));
        return new Observed(Optional.empty(), Optional.empty(), Optional.of(made), pods, Optional.empty());
    }

    private static Pod pod(String phase, Integer exit, String message) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withCreationTimestamp("2030-01-01T00:00:00Z")
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .withStartTime("2030-01-01T00:00:00Z")
                .endStatus();
        if (exit != null) {
            pod.editStatus()
                    .addNewContainerStatus()
                    .withNewState()
                    .withNewTerminated()
                    .withExitCode(exit)
                    .withReason(exit == 137 ? "OOMKilled" : "Error")
                    .withMessage(message)
                    .endTerminated()
                    .endState()
                    .endContainerStatus()
                    .endStatus();
        }
        return pod.build();
    }
}
