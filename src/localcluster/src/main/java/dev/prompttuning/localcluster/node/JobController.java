package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Runs Jobs: one pod after another until enough have succeeded, or the Job has failed by its back-off limit, its pod
 * failure policy or its deadline. A pod counts as long as it is there, and not once it is being deleted.
 */
final class JobController extends Controller<Job> {

    private final NodeOptions options;

    JobController(KubernetesClient client, NodeOptions options) {
        super(Job.class, client);
        this.options = options;
    }

    @Override
    void reconcile(Job job, List<Pod> pods) {
        if (JobRound.isFinished(job)) {
            return;
        }
        var round = new JobRound(job, Pods.of(job, pods), Instant.now());
        if (round.isHalted()) {
            round.active().forEach(pod -> client().resource(pod).delete());
        } else if (round.mayStart(options)) {
            Pods.create(job, job.getSpec().getTemplate(), Map.of(), client());
        }
        var status = round.status();
        if (!status.equals(job.getStatus())) {
            job.setStatus(status);
            client().resource(job).updateStatus();
        }
    }
}
