package dev.prompttuning.localcluster.node;

import static dev.prompttuning.localcluster.node.JobConditions.COMPLETE;
import static dev.prompttuning.localcluster.node.JobConditions.FAILED;
import static dev.prompttuning.localcluster.node.JobConditions.FAILURE_TARGET;
import static dev.prompttuning.localcluster.node.JobConditions.SUCCESS_CRITERIA_MET;
import static dev.prompttuning.localcluster.node.JobConditions.SUSPENDED;

import dev.prompttuning.localcluster.node.PodFailureRules.Action;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPodsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One look at a Job and its pods, and what follows from it. Touches nothing but the status it builds. */
final class JobRound {

    private static final int DEFAULT_BACKOFF_LIMIT = 6;

    private final JobSpec spec;
    private final JobStatus status;
    private final Instant now;
    private final List<Pod> pods;
    private final Set<String> uncountedSucceeded = new LinkedHashSet<>();
    private final Set<String> uncountedFailed = new LinkedHashSet<>();
    private final List<Pod> ignored = new ArrayList<>();

    JobRound(Job job, List<Pod> pods, Instant now) {
        this.spec = job.getSpec();
        this.pods = pods;
        this.now = now;
        this.status = job.getStatus() == null ? new JobStatus() : new JobStatusBuilder(job.getStatus()).build();
        if (status.getUncountedTerminatedPods() != null) {
            uncountedSucceeded.addAll(status.getUncountedTerminatedPods().getSucceeded());
            uncountedFailed.addAll(status.getUncountedTerminatedPods().getFailed());
        }
        if (status.getStartTime() == null && !isSuspended()) {
            status.setStartTime(Timestamps.of(now));
        }
        observe(pods);
    }

    JobStatus status() {
        return status;
    }

    boolean isSuspended() {
        return Boolean.TRUE.equals(spec.getSuspend());
    }

    /** Notes which pods have ended since the last look, and whether one of them ends the Job. */
    void judgeFinishedPods() {
        for (var pod : pods) {
            if (!JobPods.isTracked(pod) || !PodWorker.isTerminal(pod)) {
                continue;
            }
            if (pod.getStatus().getPhase().equals("Succeeded")) {
                uncountedSucceeded.add(pod.getMetadata().getUid());
                continue;
            }
            var verdict = PodFailureRules.judge(spec.getPodFailurePolicy(), pod);
            if (verdict.action() == Action.IGNORE) {
                ignored.add(pod);
                continue;
            }
            uncountedFailed.add(pod.getMetadata().getUid());
            if (verdict.action() == Action.FAIL_JOB && !isEnding()) {
                JobConditions.set(status, FAILURE_TARGET, true, "PodFailurePolicy", verdict.message());
            }
        }
        status.setUncountedTerminatedPods(new UncountedTerminatedPodsBuilder()
                .withSucceeded(List.copyOf(uncountedSucceeded))
                .withFailed(List.copyOf(uncountedFailed))
                .build());
    }

    boolean hasUncounted() {
        return !uncountedSucceeded.isEmpty() || !uncountedFailed.isEmpty();
    }

    List<Pod> uncountedPods() {
        return pods.stream()
                .filter(pod -> uncountedSucceeded.contains(pod.getMetadata().getUid())
                        || uncountedFailed.contains(pod.getMetadata().getUid()))
                .toList();
    }

    List<Pod> ignoredPods() {
        return List.copyOf(ignored);
    }

    /** Adds the noted pods to the counts. They must have been let go before. */
    void count() {
        status.setSucceeded(succeeded() + uncountedSucceeded.size());
        status.setFailed(failed() + uncountedFailed.size());
        status.setUncountedTerminatedPods(new UncountedTerminatedPodsBuilder().build());
    }

    /** Sets the conditions that follow from the counts and the time. */
    void decide() {
        if (!isEnding()) {
            if (hasSucceeded()) {
                JobConditions.set(
                        status, SUCCESS_CRITERIA_MET, true, "CompletionsReached", "Reached expected number of pods");
            } else if (failed() + restarts() > backoffLimit()) {
                JobConditions.set(
                        status,
                        FAILURE_TARGET,
                        true,
                        "BackoffLimitExceeded",
                        "Job has reached the specified backoff limit");
            } else if (untilDeadline().filter(left -> left.toMillis() <= 1).isPresent()) {
                JobConditions.set(
                        status,
                        FAILURE_TARGET,
                        true,
                        "DeadlineExceeded",
                        "Job was active longer than specified deadline");
            }
        }
        if (isEnding()) {
            return;
        }
        if (isSuspended()) {
            JobConditions.set(status, SUSPENDED, true, "JobSuspended", "Job suspended");
            status.setStartTime(null);
        } else if (JobConditions.isTrue(status, SUSPENDED)) {
            JobConditions.set(status, SUSPENDED, false, "JobResumed", "Job resumed");
        }
    }

    /** Whether the outcome is decided, though pods may still run. */
    boolean isEnding() {
        return JobConditions.isTrue(status, SUCCESS_CRITERIA_MET) || JobConditions.isTrue(status, FAILURE_TARGET);
    }

    /** Takes in what became of the pods; when none is left, a decided outcome becomes the final one. */
    void observe(List<Pod> present) {
        var running = present.stream().filter(pod -> !PodWorker.isTerminal(pod)).toList();
        var active = running.stream().filter(JobRound::isWanted).toList();
        status.setActive(active.size());
        status.setTerminating(running.size() - active.size());
        status.setReady((int) active.stream().filter(JobRound::isReady).count());
        if (!isEnding() || !running.isEmpty()) {
            return;
        }
        var failure = JobConditions.find(status, FAILURE_TARGET);
        if (failure.isPresent()) {
            JobConditions.set(
                    status,
                    FAILED,
                    true,
                    failure.get().getReason(),
                    failure.get().getMessage());
        } else {
            JobConditions.set(status, COMPLETE, true, "CompletionsReached", "Reached expected number of pods");
            status.setCompletionTime(Timestamps.of(now));
        }
    }

    /** Pods that run or wait and are not being deleted. */
    List<Pod> active() {
        return pods.stream()
                .filter(pod -> !PodWorker.isTerminal(pod) && isWanted(pod))
                .toList();
    }

    /** How many pods to create, or below 0 to delete. One that is being deleted is replaced when it has ended. */
    int missing() {
        // Without a number of completions the first success ends the work: the rest may finish, none is added.
        var left = completions()
                .map(wanted -> wanted - succeeded())
                .orElseGet(() -> succeeded() > 0 ? active().size() : parallelism());
        var wanted = Math.max(0, Math.min(parallelism(), left));
        var present = active().size();
        var leaving = status.getTerminating();
        return wanted < present ? wanted - present : Math.max(0, wanted - present - leaving);
    }

    /** How long to wait before the next pod, after those that have failed. */
    Duration backoff(NodeOptions options) {
        var last = pods.stream()
                .filter(pod -> pod.getStatus() != null
                        && "Failed".equals(pod.getStatus().getPhase()))
                .filter(pod -> ignored.stream().noneMatch(other -> other == pod))
                .flatMap(JobRound::ends)
                .max(Instant::compareTo);
        if (last.isEmpty()) {
            return Duration.ZERO;
        }
        var left = Duration.between(now, last.get().plus(options.delayAfter(failed())));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** What is left of {@code activeDeadlineSeconds}, at least a millisecond. */
    Optional<Duration> untilDeadline() {
        if (spec.getActiveDeadlineSeconds() == null || status.getStartTime() == null || isEnding()) {
            return Optional.empty();
        }
        var deadline = Instant.parse(status.getStartTime()).plusSeconds(spec.getActiveDeadlineSeconds());
        return Optional.of(Timestamps.until(deadline, now));
    }

    private boolean hasSucceeded() {
        return completions()
                .map(wanted -> succeeded() >= wanted)
                .orElseGet(() -> succeeded() > 0 && active().isEmpty());
    }

    private Optional<Integer> completions() {
        return spec.getCompletions() == null && spec.getParallelism() == null
                ? Optional.of(1)
                : Optional.ofNullable(spec.getCompletions());
    }

    private int restarts() {
        if (!"OnFailure".equals(spec.getTemplate().getSpec().getRestartPolicy())) {
            return 0;
        }
        return active().stream()
                .filter(pod -> pod.getStatus() != null)
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }

    private int backoffLimit() {
        return spec.getBackoffLimit() == null ? DEFAULT_BACKOFF_LIMIT : spec.getBackoffLimit();
    }

    private int parallelism() {
        return spec.getParallelism() == null ? 1 : spec.getParallelism();
    }

    private int succeeded() {
        return status.getSucceeded() == null ? 0 : status.getSucceeded();
    }

    private int failed() {
        return status.getFailed() == null ? 0 : status.getFailed();
    }

    private static boolean isWanted(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null;
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }

    private static Stream<Instant> ends(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container ->
                        container.getState() != null && container.getState().getTerminated() != null)
                .map(container ->
                        Instant.parse(container.getState().getTerminated().getFinishedAt()));
    }
}
