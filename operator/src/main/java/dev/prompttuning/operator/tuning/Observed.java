package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.contract.Progress;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is seen of a run.
 *
 * @param problem why the spec cannot run
 * @param missing a reference that is not there yet
 * @param job the Kubernetes Job
 * @param pods its pods
 * @param progress what the running pod said last
 */
record Observed(
        Optional<String> problem,
        Optional<String> missing,
        Optional<Job> job,
        List<Pod> pods,
        Optional<Progress> progress) {

    static Observed problem(String sentence) {
        return new Observed(Optional.of(sentence), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    static Observed missing(String sentence) {
        return new Observed(Optional.empty(), Optional.of(sentence), Optional.empty(), List.of(), Optional.empty());
    }

    /** The newest pod. */
    Optional<Pod> pod() {
        return newest(pods);
    }

    static Optional<Pod> newest(List<Pod> pods) {
        return pods.stream().max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()));
    }

    static boolean running(Pod pod) {
        return pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase());
    }

    static boolean ended(Pod pod) {
        return pod.getStatus() != null
                && ("Succeeded".equals(pod.getStatus().getPhase())
                        || "Failed".equals(pod.getStatus().getPhase()));
    }

    /** The newest pod whose failure asks for another try, even where another pod has followed it. */
    Optional<Pod> lastFailed() {
        return newest(pods.stream().filter(Observed::mayBeTriedAgain).toList());
    }

    private static boolean mayBeTriedAgain(Pod pod) {
        boolean failed =
                pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase());
        boolean mistake = terminated(pod)
                .filter(ended -> ended.getExitCode() == ExitCode.USER_MISTAKE.code())
                .isPresent();
        return failed && !mistake && pod.getMetadata().getDeletionTimestamp() == null;
    }

    /** How the newest pod ended. */
    Optional<ContainerStateTerminated> terminated() {
        return pod().flatMap(Observed::terminated);
    }

    static Optional<ContainerStateTerminated> terminated(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> status.getContainerStatuses())
                .filter(containers -> !containers.isEmpty())
                .map(containers -> containers.get(0).getState())
                .map(state -> state.getTerminated());
    }

    /** A condition of the Job that is True. */
    Optional<JobCondition> jobCondition(String type) {
        return job.map(Job::getStatus).map(status -> status.getConditions()).flatMap(conditions -> conditions.stream()
                .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst());
    }

    /** Whether something else than the user, a queue, holds the Job back. */
    boolean queued() {
        return job.map(found -> Boolean.TRUE.equals(found.getSpec().getSuspend()))
                .orElse(false);
    }
}
