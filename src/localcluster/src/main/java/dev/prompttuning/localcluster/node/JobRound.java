package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What follows from a Job and its pods at one moment. Changes nothing. */
record JobRound(Job job, List<Pod> pods, Instant now) {

    private static final String COMPLETE = "Complete";
    private static final String FAILED = "Failed";

    static boolean isFinished(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> List.of(COMPLETE, FAILED).contains(condition.getType()));
    }

    /** Whether no pod shall run: the Job is to wait, or its outcome is known. */
    boolean isHalted() {
        return isSuspended() || outcome().isPresent();
    }

    private boolean isSuspended() {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    List<Pod> active() {
        return pods.stream().filter(Pods::isActive).toList();
    }

    /** Whether it is time for the first pod or the next. */
    boolean mayStart(NodeOptions options) {
        var delay = options.delayAfter(failed().size());
        return pods.stream().allMatch(Pods::hasEnded)
                && failed().stream().allMatch(pod -> now.isAfter(end(pod).plus(delay)));
    }

    private static Instant end(Pod pod) {
        var container = pod.getStatus().getContainerStatuses().get(0);
        return Instant.parse(container.getState().getTerminated().getFinishedAt());
    }

    private List<Pod> succeeded() {
        return pods.stream().filter(pod -> hasPhase(pod, "Succeeded")).toList();
    }

    /** Pods that failed, without those that the policy tells to ignore. */
    private List<Pod> failed() {
        return pods.stream()
                .filter(pod -> hasPhase(pod, "Failed") && !policy(pod, "Ignore"))
                .toList();
    }

    private static boolean hasPhase(Pod pod, String phase) {
        return Pods.hasEnded(pod)
                && !Pods.isDeleting(pod)
                && phase.equals(pod.getStatus().getPhase());
    }

    private boolean policy(Pod pod, String action) {
        return PodFailureRules.action(job.getSpec().getPodFailurePolicy(), pod)
                .filter(action::equals)
                .isPresent();
    }

    private Optional<JobCondition> outcome() {
        var spec = job.getSpec();
        if (succeeded().size() >= spec.getCompletions()) {
            return condition(COMPLETE, "CompletionsReached", "Reached expected number of pods");
        }
        var fatal = failed().stream().filter(pod -> policy(pod, "FailJob")).findFirst();
        if (fatal.isPresent()) {
            var pod = "Pod " + fatal.get().getMetadata().getName();
            return condition(
                    FAILED, "PodFailurePolicy", pod + " failed matching a FailJob rule of the podFailurePolicy");
        }
        if (failed().size() > spec.getBackoffLimit()) {
            return condition(FAILED, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        var seconds = spec.getActiveDeadlineSeconds();
        if (seconds != null && !isSuspended() && !now.isBefore(startTime().plusSeconds(seconds))) {
            return condition(FAILED, "DeadlineExceeded", "Job was active longer than specified deadline");
        }
        return Optional.empty();
    }

    private Instant startTime() {
        return Optional.ofNullable(job.getStatus())
                .map(JobStatus::getStartTime)
                .map(Instant::parse)
                .orElse(now);
    }

    /** The outcome is written when the last pod has ended. */
    JobStatus status() {
        var outcome = outcome().filter(condition -> pods.stream().allMatch(Pods::hasEnded));
        var complete =
                outcome.map(JobCondition::getType).filter(COMPLETE::equals).isPresent();
        var suspended = condition("Suspended", "JobSuspended", "Job suspended").filter(condition -> isSuspended());
        return new JobStatusBuilder()
                .withActive(active().size())
                .withReady((int) active().stream().filter(Pods::isReady).count())
                .withSucceeded(succeeded().size())
                .withFailed(failed().size())
                .withStartTime(isSuspended() ? null : Timestamps.of(startTime()))
                .withCompletionTime(complete ? Timestamps.of(now) : null)
                .withConditions(
                        Stream.of(suspended, outcome).flatMap(Optional::stream).toList())
                .build();
    }

    private static Optional<JobCondition> condition(String type, String reason, String message) {
        return Optional.of(new JobCondition(null, null, message, reason, "True", type));
    }
}
