package dev.prompttuning.operator.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnstartableTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            ImagePullBackOff | Back-off pulling image | The image trainer:0 cannot be pulled. To go on, name one that exists in spec.pod.image, or the secret of its registry in spec.pod.imagePullSecrets.
            ErrImagePull | not found | The image trainer:0 cannot be pulled. To go on, name one that exists in spec.pod.image, or the secret of its registry in spec.pod.imagePullSecrets.
            CreateContainerConfigError | secret "token" not found | The container cannot be made: secret "token" not found. To go on, correct spec.pod, or see kubectl describe pod p.
            ContainerCreating | - | -
            """)
    void waitingForWhatWillNotComeGetsARemedy(String reason, String message, String expected) {
        ContainerState waiting =
                new ContainerStateBuilder().withNewWaiting(message, reason).build();
        assertEquals(Optional.ofNullable(expected), Unstartable.why(pod(waiting, null)));
    }

    @Test
    void theLastEndIsToldWithItsMessage() {
        ContainerState ended = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(2)
                .withMessage("There is no model.\n")
                .endTerminated()
                .build();
        ContainerState waiting = new ContainerStateBuilder()
                .withNewWaiting("back-off", "CrashLoopBackOff")
                .build();
        assertEquals(
                Optional.of("Pod p ended with exit code 2: There is no model."),
                Unstartable.lastEnd(pod(waiting, ended)));
        assertEquals(Optional.empty(), Unstartable.lastEnd(new Pod()));
    }

    @Test
    void whatWasKilledForMemoryIsToldWhatToRaise() {
        ContainerState killed = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("OOMKilled")
                .endTerminated()
                .build();
        assertEquals(
                Optional.of("Pod p ended with exit code 137: it took more memory than it may; raise"
                        + " spec.pod.resources.limits.memory."),
                Unstartable.lastEnd(pod(killed, null)));
    }

    private static Pod pod(ContainerState state, ContainerState last) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withImage("trainer:0")
                .withState(state)
                .withLastState(last)
                .endContainerStatus()
                .endStatus()
                .build();
    }
}
