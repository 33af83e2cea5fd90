package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The fields of a request's JSON object. A field that is null counts as absent, as clients send it. */
final class RequestFields {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final int SHOWN = 40;

    private final JsonNode root;
    private final String prefix;

    private RequestFields(JsonNode root, String prefix) {
        this.root = root;
        this.prefix = prefix;
    }

    /** @throws ApiException when the body is not a JSON object */
    static RequestFields parse(String body) {
        if (body == null || body.isBlank()) {
            throw ApiException.invalid(null, "The body is empty; send a JSON object.");
        }
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw ApiException.invalid(null, "The body is not JSON: " + e.getOriginalMessage() + place(e) + ".");
        }
        if (!root.isObject()) {
            throw ApiException.invalid(null, "The body must be a JSON object, not " + shown(root) + ".");
        }
        return new RequestFields(root, "");
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        root.fieldNames().forEachRemaining(names::add);
        return names;
    }

    Optional<JsonNode> node(String name) {
        return Optional.ofNullable(root.get(name)).filter(value -> !value.isNull());
    }

    Optional<RequestFields> object(String name) {
        return node(name).map(value -> {
            if (!value.isObject()) {
                throw wrong(name, "a JSON object", value);
            }
            return new RequestFields(value, prefix + name + ".");
        });
    }

    Optional<String> text(String name) {
        return node(name).map(value -> {
            if (!value.isTextual()) {
                throw wrong(name, "a string", value);
            }
            return value.textValue();
        });
    }

    boolean flag(String name, boolean otherwise) {
        return node(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrong(name, "true or false", value);
                    }
                    return value.booleanValue();
                })
                .orElse(otherwise);
    }

    OptionalLong integer(String name, long least, long most) {
        Optional<JsonNode> value = node(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        JsonNode number = value.get();
        boolean whole = number.isNumber()
                && number.canConvertToExactIntegral()
                && number.canConvertToLong()
                && number.longValue() >= least
                && number.longValue() <= most;
        if (!whole) {
            throw wrong(name, "a whole number" + range(least, most), number);
        }
        return OptionalLong.of(number.longValue());
    }

    OptionalInt integer(String name, int least, int most) {
        OptionalLong value = integer(name, (long) least, (long) most);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    OptionalDouble number(String name, double least, double most) {
        Optional<JsonNode> value = node(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().doubleValue();
        if (!value.get().isNumber() || !(number >= least && number <= most)) {
            throw wrong(name, "a number between " + plain(least) + " and " + plain(most), value.get());
        }
        return OptionalDouble.of(number);
    }

    /** One string, or an array of at most {@code most}. */
    List<String> texts(String name, int most) {
        Optional<JsonNode> value = node(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().isTextual()) {
            return List.of(value.get().textValue());
        }
        List<String> texts = new ArrayList<>();
        value.get().forEach(entry -> {
            if (entry.isTextual()) {
                texts.add(entry.textValue());
            }
        });
        if (!value.get().isArray() || texts.size() != value.get().size() || texts.size() > most) {
            throw wrong(name, "a string or an array of at most " + most + " strings", value.get());
        }
        return texts;
    }

    ApiException wrong(String name, String expected, JsonNode value) {
        String path = prefix + name;
        return ApiException.invalid(path, "'" + path + "' must be " + expected + ", not " + shown(value) + ".");
    }

    ApiException missing(String name, String remedy) {
        return ApiException.invalid(prefix + name, "'" + prefix + name + "' is missing; " + remedy + ".");
    }

    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private static String range(long least, long most) {
        if (most == Integer.MAX_VALUE || most == Long.MAX_VALUE) {
            return least == Long.MIN_VALUE ? "" : " of at least " + least;
        }
        return " between " + least + " and " + most;
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
