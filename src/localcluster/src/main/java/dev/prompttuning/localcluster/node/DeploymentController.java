package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Runs Deployments without ReplicaSets: the pods belong to the Deployment itself, and the label {@code
 * pod-template-hash} tells those of the present template from those of earlier ones.
 */
final class DeploymentController implements AutoCloseable {

    static final String HASH = "pod-template-hash";

    private final KubernetesClient client;
    private final EventRecorder events;
    private final WorkQueue queue = new WorkQueue("deployment-controller", this::reconcile);

    DeploymentController(KubernetesClient client, Watches watches) {
        this.client = client;
        this.events = new EventRecorder(client, "deployment-controller");
        watches.on(Deployment.class, deployment -> queue.add(Ownership.key(deployment)));
        watches.on(Pod.class, pod -> Ownership.controllerOf(pod)
                .filter(owner -> owner.getKind().equals("Deployment"))
                .ifPresent(owner -> queue.add(pod.getMetadata().getNamespace() + "/" + owner.getName())));
    }

    private Optional<Duration> reconcile(String key) {
        var namespace = key.substring(0, key.indexOf('/'));
        var name = key.substring(key.indexOf('/') + 1);
        var deployment = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (deployment == null || deployment.getMetadata().getDeletionTimestamp() != null) {
            return Optional.empty();
        }
        change(deployment);
        var after = look(deployment);
        var status = DeploymentStatuses.of(deployment, after, Instant.now());
        if (!status.equals(deployment.getStatus())) {
            Edits.status(client.apps().deployments().inNamespace(namespace).withName(name), current -> {
                current.setStatus(status);
                return current;
            });
        }
        return DeploymentStatuses.untilStalled(deployment, status, Instant.now());
    }

    private Rollout look(Deployment deployment) {
        var pods = client
                .pods()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabelSelector(deployment.getSpec().getSelector())
                .list()
                .getItems()
                .stream()
                .filter(pod -> Ownership.controls(deployment, pod))
                .toList();
        return new Rollout(deployment, hash(deployment), pods);
    }

    private void change(Deployment deployment) {
        var rollout = look(deployment);
        rollout.ended().forEach(pod -> delete(deployment, pod));
        rollout.surplus().forEach(pod -> delete(deployment, pod));
        for (int i = 0; i < rollout.missing(); i++) {
            var pod = client.pods()
                    .inNamespace(deployment.getMetadata().getNamespace())
                    .resource(build(deployment))
                    .create();
            events.normal(
                    deployment,
                    "SuccessfulCreate",
                    "Created pod: " + pod.getMetadata().getName());
        }
    }

    private void delete(Deployment deployment, Pod pod) {
        client.resource(pod).delete();
        events.normal(
                deployment,
                "SuccessfulDelete",
                "Deleted pod: " + pod.getMetadata().getName());
    }

    static String hash(Deployment deployment) {
        return PodNames.hash(Serialization.asJson(deployment.getSpec().getTemplate()));
    }

    private static Pod build(Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        var metadata = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
        var hash = hash(deployment);
        return new PodBuilder()
                .withNewMetadata()
                .withName(PodNames.random(deployment.getMetadata().getName() + "-" + hash))
                .withNamespace(deployment.getMetadata().getNamespace())
                .withLabels(metadata.getLabels())
                .addToLabels(HASH, hash)
                .withAnnotations(metadata.getAnnotations())
                .withOwnerReferences(Ownership.controlledBy(deployment))
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    @Override
    public void close() {
        queue.close();
    }
}
