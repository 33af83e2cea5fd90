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
            - action: Ignore
              onExitCodes: {operator: In, values: [143]}
            - action: Count
              onExitCodes: {operator: NotIn, values: [3]}
            """,
            PodFailurePolicy.class);

    @Test
    void theFirstMatchingRuleDecides() {
        assertEquals(Optional.of("FailJob"), action("main", 2));
        assertEquals(Optional.of("FailJob"), action("main", 64));
        assertEquals(Optional.of("Ignore"), action("main", 143));
        assertEquals(Optional.of("Count"), action("other", 2));
    }

    @Test
    void aFailureWithoutARuleCounts() {
        assertEquals(Optional.empty(), action("main", 3));
        assertEquals(Optional.empty(), PodFailureRules.action(null, pod("main", 2)));
    }

    private static Optional<String> action(String container, int exitCode) {
        return PodFailureRules.action(POLICY, pod(container, exitCode));
    }

    private static Pod pod(String container, int exitCode) {
        return Serialization.unmarshal(
                """
                metadata: {name: p, namespace: default}
                status:
                  containerStatuses:
                  - name: %s
                    state: {terminated: {exitCode: %d}}
                """
                        .formatted(container, exitCode),
                Pod.class);
    }
}
