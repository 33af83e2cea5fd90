package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Where a row keeps what a format asks for.
 *
 * @param names column by the format's own field name; a field that is not named here is its own column
 */
public record Columns(Map<String, String> names) {

    /** Every field is its own column. */
    public static final Columns STANDARD = new Columns(Map.of());

    public Columns {
        names = Map.copyOf(names);
    }

    String column(String field) {
        return names.getOrDefault(field, field);
    }

    String required(JsonNode row, String field) throws RowFormatException {
        Optional<String> text = optional(row, field);
        if (text.isEmpty()) {
            throw new RowFormatException("there is no \"" + column(field) + "\"");
        }
        return text.get();
    }

    Optional<String> optional(JsonNode row, String field) throws RowFormatException {
        JsonNode value = row.path(column(field));
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode()) {
            throw new RowFormatException("\"" + column(field) + "\" is not a text");
        }
        return Optional.of(value.asText());
    }
}
