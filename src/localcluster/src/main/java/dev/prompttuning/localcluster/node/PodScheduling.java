package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Assigns a pod to the node, with local ports for its container ports, once its claims are there. */
final class PodScheduling {

    private final NodeRuntime node;
    private boolean scheduled;
    private Optional<String> refusal = Optional.empty();

    PodScheduling(NodeRuntime node) {
        this.node = node;
    }

    /** Why the pod waits, as of the last attempt. */
    Optional<String> refusal() {
        return refusal;
    }

    /** @return whether the pod is on this node, as its object now says too */
    boolean schedule(Pod pod) {
        if (scheduled || pod.getSpec().getNodeName() != null) {
            scheduled = true;
            refusal = Optional.empty();
            // The annotations with the ports arrive with the node's name; until then there is nothing to start with.
            return pod.getSpec().getNodeName() != null;
        }
        if (!pod.getSpec().getSchedulingGates().isEmpty()) {
            refusal = Optional.of("Scheduling is blocked due to non-empty scheduling gates");
            return false;
        }
        var reason = LocalNode.refusal(pod).or(() -> unboundClaim(node.client(), pod));
        if (reason.isPresent()) {
            if (!reason.equals(refusal)) {
                node.events().warning(pod, "FailedScheduling", reason.get());
            }
            refusal = reason;
            return false;
        }
        bind(pod);
        return false;
    }

    private void bind(Pod pod) {
        var ports = node.ports().assign(pod);
        var resource = node.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
        Edits.edit(resource, current -> new PodBuilder(current)
                .editMetadata()
                .addToAnnotations(ports)
                .endMetadata()
                .editSpec()
                .withNodeName(LocalNode.NAME)
                .endSpec()
                .build());
        scheduled = true;
        refusal = Optional.empty();
        var name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
        node.events().normal(pod, "Scheduled", "Successfully assigned " + name + " to " + LocalNode.NAME);
    }

    private static Optional<String> unboundClaim(KubernetesClient client, Pod pod) {
        for (var volume : pod.getSpec().getVolumes()) {
            if (volume.getPersistentVolumeClaim() == null) {
                continue;
            }
            var name = volume.getPersistentVolumeClaim().getClaimName();
            var claim = client.persistentVolumeClaims()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(name)
                    .get();
            if (claim == null) {
                return Optional.of("persistentvolumeclaim \"" + name + "\" not found");
            }
            if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
                return Optional.of("pod has unbound immediate PersistentVolumeClaims: \"" + name + "\"");
            }
        }
        return Optional.empty();
    }
}
