package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** The pods of Jobs: made from the template, found, and let go. */
final class JobPods {

    static final String JOB_NAME = "batch.kubernetes.io/job-name";
    static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    /** Keeps a finished pod until it is counted. */
    static final String TRACKING = "batch.kubernetes.io/job-tracking";

    private final KubernetesClient client;

    JobPods(KubernetesClient client) {
        this.client = client;
    }

    List<Pod> of(Job job) {
        return named(job.getMetadata().getNamespace(), job.getMetadata().getName()).stream()
                .filter(pod -> Ownership.controls(job, pod))
                .toList();
    }

    /** All pods of whichever Job had or has this name. */
    List<Pod> named(String namespace, String job) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel(JOB_NAME, job)
                .list()
                .getItems();
    }

    Pod create(Job job) {
        var pod = build(job);
        return client.pods()
                .inNamespace(job.getMetadata().getNamespace())
                .resource(pod)
                .create();
    }

    static Pod build(Job job) {
        var template = job.getSpec().getTemplate();
        var metadata = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
        var name = job.getMetadata().getName();
        var uid = job.getMetadata().getUid();
        return new PodBuilder()
                .withNewMetadata()
                .withName(PodNames.random(name))
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(metadata.getLabels())
                .addToLabels(Map.of(JOB_NAME, name, "job-name", name, CONTROLLER_UID, uid, "controller-uid", uid))
                .withAnnotations(metadata.getAnnotations())
                .withFinalizers(TRACKING)
                .withOwnerReferences(Ownership.controlledBy(job))
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    static boolean isTracked(Pod pod) {
        return pod.getMetadata().getFinalizers().contains(TRACKING);
    }

    /** Lets a pod go that has been counted, or must not be. */
    void untrack(Pod pod) {
        if (!isTracked(pod)) {
            return;
        }
        try {
            Edits.edit(
                    client.pods()
                            .inNamespace(pod.getMetadata().getNamespace())
                            .withName(pod.getMetadata().getName()),
                    current -> new PodBuilder(current)
                            .editMetadata()
                            .removeFromFinalizers(TRACKING)
                            .endMetadata()
                            .build());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Deletes a pod that shall not count as failed. */
    void delete(Pod pod) {
        untrack(pod);
        client.resource(pod).delete();
    }
}
