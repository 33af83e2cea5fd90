package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Map;

/**
 * Runs Jobs: one pod after another until enough have succeeded, or the Job has failed by its back-off limit, its pod
 * failure policy or its deadline. A pod counts as long as it is there, and not once it is being deleted.
 */
final class JobController extends Controller<Job> {

    static final String JOB_NAME = "batch.kubernetes.io/job-name";
    private static final String JOB_UID = "batch.kubernetes.io/controller-uid";

    private final NodeOptions options;

    JobController(KubernetesClient client, NodeOptions options) {
        super(client);
        this.options = options;
    }

    @Override
    void reconcile(Job job) {
        if (JobRound.isFinished(job)) {
            return;
        }
        var round = new JobRound(job, Pods.of(job, client()), Instant.now());
        if (round.isHalted()) {
            round.active().forEach(pod -> client().resource(pod).delete());
        } else if (round.mayStart(options)) {
            var labels = Map.of(
                    JOB_NAME,
                    job.getMetadata().getName(),
                    JOB_UID,
                    job.getMetadata().getUid());
            Pods.create(job, job.getSpec().getTemplate(), labels, client());
        }
        client().resource(job).editStatus(current -> {
            current.setStatus(round.status());
            return current;
        });
    }
}
