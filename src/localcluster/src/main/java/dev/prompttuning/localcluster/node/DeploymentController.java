package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/**
 * Runs Deployments without ReplicaSets: the pods belong to the Deployment itself, and the label {@code
 * pod-template-hash} tells those of the present template from those of earlier ones.
 */
final class DeploymentController extends Controller<Deployment> {

    static final String HASH = "pod-template-hash";

    DeploymentController(KubernetesClient client) {
        super(Deployment.class, client);
    }

    @Override
    void reconcile(Deployment deployment, List<Pod> pods) {
        var template = deployment.getSpec().getTemplate();
        var hash = Integer.toUnsignedString(Serialization.asJson(template).hashCode(), 36);
        var rollout = new Rollout(deployment, hash, Pods.of(deployment, pods));
        rollout.surplus().forEach(pod -> client().resource(pod).delete());
        for (int i = 0; i < rollout.missing(); i++) {
            Pods.create(deployment, template, Map.of(HASH, hash), client());
        }
        var status = rollout.status();
        if (!status.equals(deployment.getStatus())) {
            deployment.setStatus(status);
            client().resource(deployment).updateStatus();
        }
    }
}
