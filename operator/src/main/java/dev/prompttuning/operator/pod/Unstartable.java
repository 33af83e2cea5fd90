package dev.prompttuning.operator.pod;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.Set;

/** Why a pod that has a node does not get its container to run, and what to do about it. */
public final class Unstartable {
    private static final Set<String> PULL =
            Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError");
    private static final Set<String> CREATE =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

    private Unstartable() {}

    /** One sentence while the container waits for what will not come by itself. */
    public static Optional<String> why(Pod pod) {
        return container(pod).flatMap(container -> Optional.ofNullable(container.getState())
                .map(state -> state.getWaiting())
                .flatMap(waiting -> sentence(pod, container, waiting.getReason(), waiting.getMessage())));
    }

    /** One sentence on how the container ended last, if it has. */
    public static Optional<String> lastEnd(Pod pod) {
        return container(pod)
                .flatMap(container -> terminated(container.getState()).or(() -> terminated(container.getLastState())))
                .map(ended -> "Pod " + pod.getMetadata().getName() + " ended with exit code " + ended.getExitCode()
                        + ": " + said(ended));
    }

    private static Optional<ContainerStatus> container(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(status -> status.getContainerStatuses().stream().findFirst());
    }

    private static Optional<ContainerStateTerminated> terminated(ContainerState state) {
        return Optional.ofNullable(state).map(known -> known.getTerminated());
    }

    private static String said(ContainerStateTerminated ended) {
        String message = ended.getMessage() == null ? "" : ended.getMessage().strip();
        if (message.isEmpty() && "OOMKilled".equals(ended.getReason())) {
            return "it took more memory than it may; raise spec.pod.resources.limits.memory.";
        }
        return message.isEmpty() ? "see its log." : message;
    }

    /** The kubelet's own words on a pull change from try to try, so they are left out. */
    private static Optional<String> sentence(Pod pod, ContainerStatus container, String reason, String message) {
        if (PULL.contains(reason)) {
            return Optional.of("The image " + container.getImage() + " cannot be pulled. To go on, name one that exists"
                    + " in spec.pod.image, or the secret of its registry in spec.pod.imagePullSecrets.");
        }
        if (CREATE.contains(reason)) {
            return Optional.of(
                    "The container cannot be made: " + message + ". To go on, correct spec.pod, or see kubectl"
                            + " describe pod " + pod.getMetadata().getName() + ".");
        }
        return Optional.empty();
    }
}
