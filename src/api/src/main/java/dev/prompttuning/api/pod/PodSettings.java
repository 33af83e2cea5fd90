package dev.prompttuning.api.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;

/** Where the pods run and what they get. Needs Fabric8's model on the class path; reading a manifest does not. */
public record PodSettings(
        @JsonPropertyDescription(
                        "Image. Default: the operator's CUDA image when nvidia.com/gpu is requested, else its CPU image.")
                String image,
        @JsonPropertyDescription("When the image is pulled.") String imagePullPolicy,
        @JsonPropertyDescription("Secrets for pulling the image.") List<LocalObjectReference> imagePullSecrets,
        @JsonPropertyDescription("What the container requests and may use.") ResourceRequirements resources,
        @JsonPropertyDescription("Labels a node must have.") Map<String, String> nodeSelector,
        @JsonPropertyDescription("Taints of nodes the pod tolerates.") List<Toleration> tolerations,
        @JsonPropertyDescription("Which nodes and neighbours the pod prefers or needs.") Affinity affinity,
        @JsonPropertyDescription("Priority class of the pod.") String priorityClassName,
        @JsonPropertyDescription("Runtime class of the pod.") String runtimeClassName,
        @JsonPropertyDescription("Service account; its token is not mounted.") String serviceAccountName,
        @JsonPropertyDescription("Further labels of the pod.") Map<String, String> labels,
        @JsonPropertyDescription("Further annotations of the pod.") Map<String, String> annotations,
        @JsonPropertyDescription("Further environment variables of the container.") List<EnvVar> env,
        @JsonPropertyDescription("Further volumes of the pod.") List<Volume> volumes,
        @JsonPropertyDescription("Where the further volumes are mounted.") List<VolumeMount> volumeMounts) {

    /** Nothing asked for. */
    public static PodSettings none() {
        return new PodSettings(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
