package dev.prompttuning.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the conditions of one status, keeping the time of transition of those that stay as they were. */
public final class Conditions {
    private final List<Condition> before;
    private final List<Condition> now = new ArrayList<>();
    private final Long generation;
    private final String time;

    public Conditions(List<Condition> before, Long generation, Instant time) {
        this.before = before == null ? List.of() : before;
        this.generation = generation;
        this.time = time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Adds a condition; conditions stand in the order they are added. */
    public Conditions set(String type, boolean status, Reason reason, String message) {
        String text = status ? "True" : "False";
        String since = find(before, type)
                .filter(old -> text.equals(old.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElse(time);
        now.add(new ConditionBuilder()
                .withType(type)
                .withStatus(text)
                .withReason(reason.text())
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build());
        return this;
    }

    /** All that were set. */
    public List<Condition> list() {
        return List.copyOf(now);
    }

    /** Whether a condition is there and True. */
    public static boolean isTrue(List<Condition> conditions, String type) {
        return find(conditions, type)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    /** The condition of a type. */
    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition -> type.equals(condition.getType()))
                        .findFirst();
    }
}
