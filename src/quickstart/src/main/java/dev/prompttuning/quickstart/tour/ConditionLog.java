package dev.prompttuning.quickstart.tour;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells what is new in a resource's conditions. */
final class ConditionLog {
    private final String resource;
    private final Map<String, String> known = new HashMap<>();

    /** @param resource what the lines begin with */
    ConditionLog(String resource) {
        this.resource = resource;
    }

    /** A line for each condition that changed. One that was never true is only told of when it says the spec is refused. */
    List<String> changes(List<Condition> conditions) {
        List<String> lines = new ArrayList<>();
        for (Condition condition : conditions) {
            String state = condition.getStatus() + " " + condition.getReason();
            String before = known.put(condition.getType(), state);
            boolean news =
                    before != null || "True".equals(condition.getStatus()) || "Accepted".equals(condition.getType());
            if (!state.equals(before) && news) {
                lines.add(line(condition));
            }
        }
        return lines;
    }

    private String line(Condition condition) {
        return "%-27s %-21s %s: %s"
                .formatted(
                        resource,
                        condition.getType() + "=" + condition.getStatus(),
                        condition.getReason(),
                        condition.getMessage());
    }
}
