package dev.prompttuning.localcluster.node;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What follows from a Job and its pods at one moment. Changes nothing. */
record JobRound(Job job, List<Pod> pods, Instant now) {

    private static final String COMPLETE = "Complete";
    private static final String FAILED = "Failed";
    private static final String SUSPENDED = "Suspended";

    static boolean isFinished(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> List.of(COMPLETE, FAILED).contains(condition.getType()));
    }

    boolean isSuspended() {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    List<Pod> active() {
        return pods.stream().filter(Pods::isActive).toList();
    }

    /** Whether the outcome is known, though pods may still run. */
    boolean isOver() {
        return outcome().isPresent();
    }

    /** Whether it is time for the first pod or the next. */
    boolean mayStart(NodeOptions options) {
        var failed = failed();
        return pods.stream().allMatch(Pods::hasEnded)
                && failed.stream()
                        .map(pod -> end(pod).plus(options.delayAfter(failed.size())))
                        .allMatch(now::isAfter);
    }

    private static Instant end(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(container ->
                        Instant.parse(container.getState().getTerminated().getFinishedAt()))
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    private long succeeded() {
        return pods.stream().filter(pod -> hasPhase(pod, "Succeeded")).count();
    }

    /** Pods that failed, without those that the policy tells to ignore. */
    private List<Pod> failed() {
        return pods.stream()
                .filter(pod -> hasPhase(pod, "Failed"))
                .filter(pod -> verdict(pod)
                        .filter(verdict -> verdict.action().equals(PodFailureRules.IGNORE))
                        .isEmpty())
                .toList();
    }

    private static boolean hasPhase(Pod pod, String phase) {
        return !Pods.isDeleting(pod)
                && pod.getStatus() != null
                && phase.equals(pod.getStatus().getPhase());
    }

    private Optional<PodFailureRules.Verdict> verdict(Pod pod) {
        return PodFailureRules.judge(job.getSpec().getPodFailurePolicy(), pod);
    }

    private Optional<JobCondition> outcome() {
        var spec = job.getSpec();
        if (succeeded() >= requireNonNullElse(spec.getCompletions(), 1)) {
            return Optional.of(condition(COMPLETE, true, "CompletionsReached", "Reached expected number of pods"));
        }
        var failed = failed();
        var verdict = failed.stream()
                .flatMap(pod -> verdict(pod).stream())
                .filter(found -> found.action().equals(PodFailureRules.FAIL_JOB))
                .findFirst();
        if (verdict.isPresent()) {
            return Optional.of(
                    condition(FAILED, true, "PodFailurePolicy", verdict.get().message()));
        }
        if (failed.size() > requireNonNullElse(spec.getBackoffLimit(), 6)) {
            var message = "Job has reached the specified backoff limit";
            return Optional.of(condition(FAILED, true, "BackoffLimitExceeded", message));
        }
        var seconds = spec.getActiveDeadlineSeconds();
        if (seconds != null && !isSuspended() && !now.isBefore(startTime().plusSeconds(seconds))) {
            var message = "Job was active longer than specified deadline";
            return Optional.of(condition(FAILED, true, "DeadlineExceeded", message));
        }
        return Optional.empty();
    }

    private Instant startTime() {
        var status = job.getStatus();
        return status == null || status.getStartTime() == null ? now : Instant.parse(status.getStartTime());
    }

    /** The outcome is written when the last pod has ended. */
    JobStatus status() {
        var running = pods.stream().filter(pod -> !Pods.hasEnded(pod)).count();
        var outcome = outcome().filter(condition -> running == 0);
        var complete = outcome.filter(condition -> condition.getType().equals(COMPLETE));
        return new JobStatusBuilder()
                .withActive(active().size())
                .withReady((int) active().stream().filter(Pods::isReady).count())
                .withTerminating((int) running - active().size())
                .withSucceeded((int) succeeded())
                .withFailed(failed().size())
                .withStartTime(isSuspended() ? null : Timestamps.of(startTime()))
                .withCompletionTime(
                        complete.map(condition -> Timestamps.of(now)).orElse(null))
                .withConditions(conditions(outcome))
                .build();
    }

    private List<JobCondition> conditions(Optional<JobCondition> outcome) {
        var result = new ArrayList<JobCondition>();
        var before = job.getStatus() == null
                ? Optional.<JobCondition>empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(SUSPENDED))
                        .findFirst();
        var text = isSuspended() ? "True" : "False";
        before.filter(condition -> condition.getStatus().equals(text)).ifPresentOrElse(result::add, () -> {
            if (isSuspended()) {
                result.add(condition(SUSPENDED, true, "JobSuspended", "Job suspended"));
            } else if (before.isPresent()) {
                result.add(condition(SUSPENDED, false, "JobResumed", "Job resumed"));
            }
        });
        outcome.ifPresent(result::add);
        return result;
    }

    private JobCondition condition(String type, boolean holds, String reason, String message) {
        return new JobConditionBuilder()
                .withType(type)
                .withStatus(holds ? "True" : "False")
                .withReason(reason)
                .withMessage(message)
                .withLastProbeTime(Timestamps.of(now))
                .withLastTransitionTime(Timestamps.of(now))
                .build();
    }
}
