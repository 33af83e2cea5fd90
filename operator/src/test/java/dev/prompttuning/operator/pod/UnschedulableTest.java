package dev.prompttuning.operator.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnschedulableTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            0/2 nodes are available: 2 Insufficient nvidia.com/gpu. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod. | No node takes the pod: 0/2 nodes are available: 2 Insufficient nvidia.com/gpu. To go on, ask for less in spec.pod.resources or add a node that has it.
            0/1 nodes are available: 1 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod. | No node takes the pod: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu. To go on, ask for less in spec.pod.resources or add a node that has it.
            0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}. | No node takes the pod: 0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}. To go on, add the taint to spec.pod.tolerations.
            0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. | No node takes the pod: 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. To go on, see why the claim has no volume with kubectl describe pvc.
            no nodes available to schedule pods | No node takes the pod: no nodes available to schedule pods. To go on, see kubectl describe pod.
            """)
    void schedulersWordsGetARemedy(String scheduler, String expected) {
        assertEquals(Optional.of(expected), Unschedulable.why(pod("Unschedulable", scheduler)));
    }

    @Test
    void onlyTheSchedulersNoCounts() {
        assertEquals(Optional.empty(), Unschedulable.why(pod("SchedulingGated", "Scheduling is blocked")));
        assertEquals(Optional.empty(), Unschedulable.why(new Pod()));
    }

    private static Pod pod(String reason, String message) {
        return new PodBuilder()
                .withNewStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
    }
}
