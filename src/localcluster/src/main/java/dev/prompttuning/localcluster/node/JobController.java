package dev.prompttuning.localcluster.node;

import static dev.prompttuning.localcluster.node.JobConditions.COMPLETE;
import static dev.prompttuning.localcluster.node.JobConditions.FAILED;
import static dev.prompttuning.localcluster.node.JobConditions.SUSPENDED;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Runs Jobs: creates pods from the template until enough have succeeded, and stops at the back-off limit, the pod
 * failure policy, or the deadline. Completion is NonIndexed; a failed pod is replaced once it has ended.
 */
final class JobController implements AutoCloseable {

    private final KubernetesClient client;
    private final NodeOptions options;
    private final EventRecorder events;
    private final JobPods pods;
    private final WorkQueue queue = new WorkQueue("job-controller", this::reconcile);

    JobController(KubernetesClient client, NodeOptions options, Watches watches) {
        this.client = client;
        this.options = options;
        this.events = new EventRecorder(client, "job-controller");
        this.pods = new JobPods(client);
        watches.on(Job.class, job -> queue.add(Ownership.key(job)));
        watches.on(Pod.class, pod -> Ownership.controllerOf(pod)
                .filter(owner -> owner.getKind().equals("Job"))
                .ifPresent(owner -> queue.add(pod.getMetadata().getNamespace() + "/" + owner.getName())));
    }

    private Optional<Duration> reconcile(String key) {
        var namespace = key.substring(0, key.indexOf('/'));
        var name = key.substring(key.indexOf('/') + 1);
        var job =
                client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
        if (job == null || job.getMetadata().getDeletionTimestamp() != null) {
            pods.named(namespace, name).forEach(pods::untrack);
            return Optional.empty();
        }
        // Pods of an earlier Job of this name are not counted by anyone any more.
        pods.named(namespace, name).stream()
                .filter(pod -> !Ownership.controls(job, pod))
                .forEach(pods::untrack);
        return JobConditions.isFinished(job) ? afterwards(job) : run(job);
    }

    /** The Job is over: what is left of its pods goes, and at its time the Job itself. */
    private Optional<Duration> afterwards(Job job) {
        for (var pod : pods.of(job)) {
            pods.untrack(pod);
            if (!PodWorker.isTerminal(pod) && pod.getMetadata().getDeletionTimestamp() == null) {
                client.resource(pod).delete();
            }
        }
        var ttl = job.getSpec().getTtlSecondsAfterFinished();
        if (ttl == null) {
            return Optional.empty();
        }
        var now = Instant.now();
        var end = job.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(COMPLETE)
                        || condition.getType().equals(FAILED))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .findFirst()
                .orElse(now)
                .plusSeconds(ttl);
        if (now.isBefore(end)) {
            return Optional.of(Timestamps.until(end, now));
        }
        client.resource(job).delete();
        return Optional.empty();
    }

    private Optional<Duration> run(Job job) {
        var round = new JobRound(job, pods.of(job), Instant.now());
        round.judgeFinishedPods();
        // Written before the pods are let go: should this process end between the two, none is lost or counted twice.
        if (round.hasUncounted()) {
            write(job, round);
            round.uncountedPods().forEach(pods::untrack);
            round.ignoredPods().forEach(pods::untrack);
            round.count();
        } else {
            round.ignoredPods().forEach(pods::untrack);
        }
        round.decide();
        var next = act(job, round);
        round.observe(pods.of(job));
        write(job, round);
        announce(job, round);
        return Timestamps.sooner(next, round.untilDeadline());
    }

    private Optional<Duration> act(Job job, JobRound round) {
        if (round.isEnding() || round.isSuspended()) {
            remove(job, round.active());
            return Optional.empty();
        }
        var missing = round.missing();
        if (missing < 0) {
            remove(job, round.active().subList(0, -missing));
            return Optional.empty();
        }
        if (missing == 0) {
            return Optional.empty();
        }
        var wait = round.backoff(options);
        if (!wait.isZero()) {
            return Optional.of(wait);
        }
        for (int i = 0; i < missing; i++) {
            var pod = pods.create(job);
            events.normal(
                    job, "SuccessfulCreate", "Created pod: " + pod.getMetadata().getName());
        }
        return Optional.empty();
    }

    private void remove(Job job, List<Pod> unwanted) {
        for (var pod : unwanted) {
            pods.delete(pod);
            events.normal(
                    job, "SuccessfulDelete", "Deleted pod: " + pod.getMetadata().getName());
        }
    }

    private void announce(Job job, JobRound round) {
        for (var type : List.of(COMPLETE, FAILED, SUSPENDED)) {
            var before = job.getStatus() == null ? Optional.empty() : JobConditions.find(job.getStatus(), type);
            var after = JobConditions.find(round.status(), type);
            if (after.isEmpty() || before.equals(after)) {
                continue;
            }
            var condition = after.get();
            if (type.equals(FAILED)) {
                events.warning(job, condition.getReason(), condition.getMessage());
            } else if (type.equals(COMPLETE)) {
                events.normal(job, "Completed", "Job completed");
            } else {
                var suspended = condition.getStatus().equals("True");
                events.normal(job, suspended ? "Suspended" : "Resumed", condition.getMessage());
            }
        }
    }

    private void write(Job job, JobRound round) {
        var status = round.status();
        if (status.equals(job.getStatus())) {
            return;
        }
        Edits.status(
                client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName()),
                current -> {
                    current.setStatus(status);
                    return current;
                });
    }

    @Override
    public void close() {
        queue.close();
    }
}
