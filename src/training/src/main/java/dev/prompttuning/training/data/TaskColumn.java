package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which task a row is of.
 *
 * @param column names the task
 * @param names the tasks, in the order of their numbers; empty where there is but one
 */
public record TaskColumn(String column, List<String> names) {

    /** All rows are of one task. */
    public static final TaskColumn NONE = new TaskColumn("", List.of());

    public TaskColumn {
        names = List.copyOf(names);
    }

    /** The number of a row's task. */
    int of(JsonNode row) throws RowFormatException {
        if (names.isEmpty()) {
            return 0;
        }
        Optional<String> name = new Columns(Map.of()).optional(row, column);
        int task = names.indexOf(name.orElse(""));
        if (task < 0) {
            throw new RowFormatException(
                    name.map(other -> "\"" + column + "\" is \"" + other + "\", which is none of the tasks")
                            .orElse("there is no \"" + column + "\""));
        }
        return task;
    }
}
