package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.localcluster.node.PodFailureRules.Action;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
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
        assertEquals(
                Action.FAIL_JOB,
                PodFailureRules.judge(POLICY, pod("main", 2, "False")).action());
        assertEquals(
                "Container main for pod default/p failed with exit code 64 matching FailJob rule at index 0",
                PodFailureRules.judge(POLICY, pod("main", 64, "True")).message());
        assertEquals(
                Action.IGNORE,
                PodFailureRules.judge(POLICY, pod("main", 143, "True")).action());
        assertEquals(
                Action.COUNT,
                PodFailureRules.judge(POLICY, pod("other", 2, "False")).action());
    }

    @Test
    void aFailureWithoutARuleCounts() {
        var verdict = PodFailureRules.judge(POLICY, pod("main", 3, "False"));
        assertEquals(new PodFailureRules.Verdict(Action.COUNT, ""), verdict);
        assertEquals(
                Action.COUNT,
                PodFailureRules.judge(null, pod("main", 2, "False")).action());
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
