package dev.prompttuning.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** The runs of a test's namespace, which has the claims of {@link QuickstartFiles}. */
public record Runs(TestNamespace namespace) {
    private static final Duration LONG = Duration.ofMinutes(12);

    public void apply(SmallJob job) {
        namespace.apply(job.yaml());
    }

    /** Waits until a pod trains and has done so many steps. */
    public Pod awaitStep(String job, int step) {
        await(job, "at step " + step, status -> {
            assertTrue(
                    !"Succeeded".equals(status.phase()),
                    () -> "job " + job + " ended before step " + step + " was seen");
            return "Running".equals(status.phase())
                    && status.progress() != null
                    && status.progress().step() != null
                    && status.progress().step() >= step;
        });
        return namespace.pod(job).orElseThrow();
    }

    /** Waits for a phase; fails at once when the job fails for good instead. */
    public PromptTuningJobStatus awaitPhase(String job, String phase) {
        return await(job, phase, status -> {
            if ("Failed".equals(status.phase()) && !"Failed".equals(phase)) {
                throw new AssertionError("Job " + job + " failed: " + status.conditions());
            }
            return phase.equals(status.phase());
        });
    }

    /** Waits for a condition with this reason. */
    public Condition awaitReason(String job, String type, String reason, Duration atMost) {
        return Eventually.get(
                job + " to have " + type + " for " + reason,
                atMost,
                () -> condition(job, type).filter(condition -> reason.equals(condition.getReason())),
                () -> "It has " + condition(job, type));
    }

    private Optional<Condition> condition(String job, String type) {
        return status(job).map(PromptTuningJobStatus::conditions).stream()
                .flatMap(conditions -> conditions.stream())
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private Optional<PromptTuningJobStatus> status(String job) {
        return Optional.ofNullable(namespace.job(job)).map(PromptTuningJob::getStatus);
    }

    private PromptTuningJobStatus await(String job, String what, Predicate<PromptTuningJobStatus> wanted) {
        return Eventually.get(
                "job " + job + " to be " + what,
                LONG,
                () -> status(job).filter(wanted),
                () -> "Its status is " + status(job));
    }

    /** Both runs end, and with the same adapter. */
    public void assertSameAdapter(String undisturbed, String disturbed) {
        String expected = awaitPhase(undisturbed, "Succeeded").adapter().digest();
        assertEquals(expected, awaitPhase(disturbed, "Succeeded").adapter().digest());
    }

    /** The step that a pod went on from, as its log says. */
    public int startedFrom(Pod pod) {
        return started(pod).path("step").asInt();
    }

    /** What a pod's log says of the start of its training. */
    public JsonNode started(Pod pod) {
        return namespace
                .kubectl()
                .run("logs", pod.getMetadata().getName())
                .lines()
                .filter(line -> line.contains("\"event\":\"started\""))
                .map(Runs::json)
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until no pod of the job is left. */
    public void awaitNoPods(String job) {
        Eventually.holds("the pods of " + job + " to be gone", Duration.ofMinutes(1), () -> namespace
                .pods(job)
                .isEmpty());
    }

    /** Merges {@code spec.runPolicy} into a job. */
    public void patchRunPolicy(String job, String json) {
        namespace.kubectl().run("patch", "ptj", job, "--type=merge", "-p", "{\"spec\":{\"runPolicy\":" + json + "}}");
    }
}
