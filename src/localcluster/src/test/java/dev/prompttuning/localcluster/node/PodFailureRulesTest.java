package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodFailureRulesTest {

    private static final PodFailurePolicy POLICY = Serialization.unmarshal(
            """
            rules:
            - action: FailJob
              onExitCodes: {containerName: main, operator: In, values: [2, 64]}
            - action: Ignore
              onPodConditions: [{type: DisruptionTarget, status: "True"}]
            - action: Count
              onExitCodes: {operator: NotIn, values: [3]}
            """,
            PodFailurePolicy.class);

    @Test
    void theFirstMatchingRuleDecides() {
        assertEquals("FailJob", judge(pod("main", 2, "False")).action());
        assertEquals(
                "Container main for pod default/p failed with exit code 64 matching FailJob rule at index 0",
                judge(pod("main", 64, "True")).message());
        assertEquals("Ignore", judge(pod("main", 143, "True")).action());
        assertEquals("Count", judge(pod("other", 2, "False")).action());
    }

    @Test
    void aFailureWithoutARuleCounts() {
        assertEquals(Optional.empty(), PodFailureRules.judge(POLICY, pod("main", 3, "False")));
        assertEquals(Optional.empty(), PodFailureRules.judge(null, pod("main", 2, "False")));
    }

    private static PodFailureRules.Verdict judge(Pod pod) {
        return PodFailureRules.judge(POLICY, pod).orElseThrow();
    }

    private static Pod pod(String container, int exitCode, String disrupted) {
        return Serialization.unmarshal(
                """
                metadata: {name: p, namespace: default}
                status:
                  conditions: [{type: DisruptionTarget, status: "%s"}]
                  containerStatuses:
                  - name: %s
                    state: {terminated: {exitCode: %d}}
                """
                        .formatted(disrupted, container, exitCode),
                Pod.class);
    }
}
