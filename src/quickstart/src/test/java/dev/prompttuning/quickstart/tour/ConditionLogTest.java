package dev.prompttuning.quickstart.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionLogTest {
    private final ConditionLog log = new ConditionLog("PromptTuningJob a");

    @Test
    void tellsOfAChangeOnce() {
        assertEquals(1, changes(condition("Accepted", "True", "Accepted")).size());
        assertEquals(List.of(), changes(condition("Accepted", "True", "Accepted")));
    }

    @Test
    void saysNothingOfWhatWasNeverTrue() {
        assertEquals(List.of(), changes(condition("Failed", "False", "NotFailed")));
    }

    @Test
    void tellsOfARefusal() {
        assertEquals(
                1, changes(condition("Accepted", "False", "ReferenceMissing")).size());
    }

    @Test
    void tellsWhenSomethingTrueIsNoLonger() {
        changes(condition("Running", "True", "Training"));
        List<String> lines = changes(condition("Running", "False", "Finished"));
        assertEquals(1, lines.size());
        assertEquals("PromptTuningJob a           Running=False         Finished: Said so.", lines.get(0));
    }

    private List<String> changes(Condition condition) {
        return log.changes(List.of(condition));
    }

    private static Condition condition(String type, String status, String reason) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage("Said so.")
                .build();
    }
}
