package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;

/** The pods of Jobs and Deployments, and what there is to ask of any pod. */
final class Pods {

    private Pods() {}

    static boolean hasEnded(Pod pod) {
        var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    static boolean isDeleting(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Whether it runs or waits to, and shall go on. */
    static boolean isActive(Pod pod) {
        return !hasEnded(pod) && !isDeleting(pod);
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }

    /** Those of an owner. */
    static List<Pod> of(HasMetadata owner, List<Pod> pods) {
        return pods.stream().filter(pod -> pod.hasOwnerReferenceFor(owner)).toList();
    }

    /** Creates a pod of a template, with further labels, under the owner's name and a random ending. */
    static void create(
            HasMetadata owner, PodTemplateSpec template, Map<String, String> labels, KubernetesClient client) {
        var metadata = template.getMetadata();
        var pod = new PodBuilder()
                .withNewMetadata()
                .withGenerateName(owner.getMetadata().getName() + "-")
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(metadata.getLabels())
                .addToLabels(labels)
                .withAnnotations(metadata.getAnnotations())
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        pod.addOwnerReference(owner).setController(true);
        client.resource(pod).create();
    }
}
