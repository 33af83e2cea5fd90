package dev.prompttuning.training.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

    private static final ObjectMapper JSON = new ObjectMapper();

    public Columns {
        names = Map.copyOf(names);
    }

    String column(String field) {
        return names.getOrDefault(field, field);
    }

    /** The text in a field's column. */
    public String required(JsonNode row, String field) throws RowFormatException {
        Optional<String> text = optional(row, field);
        if (text.isEmpty()) {
            throw new RowFormatException("there is no \"" + column(field) + "\"");
        }
        return text.get();
    }

    /**
     * A list or an object, or the JSON of one in a text, since CSV files have no other way; a missing node where there is none.
     */
    JsonNode structure(JsonNode row, String field) throws RowFormatException {
        JsonNode value = row.path(column(field));
        if (!value.isTextual() || !value.asText().matches("(?s)\\s*[\\[{].*")) {
            return value;
        }
        try {
            return JSON.readTree(value.asText());
        } catch (JsonProcessingException e) {
            throw new RowFormatException("\"" + column(field) + "\" is not valid JSON");
        }
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
