package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an OpenAPI schema does to an object: drops what it does not know, fills in defaults, finds what is wrong. */
final class Schemas {
    private Schemas() {}

    /** Removes nulls and unknown fields in place; answers the paths of the unknown ones. */
    static List<String> prune(JsonNode value, Schema schema) {
        List<String> unknown = new ArrayList<>();
        prune(value, schema, "", unknown);
        return unknown;
    }

    private static void prune(JsonNode value, Schema schema, String path, List<String> unknown) {
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                prune(list.path(i), schema.items(), path + "[" + i + "]", unknown);
            }
        }
        if (!(value instanceof ObjectNode object)) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
            String name = field.getKey();
            String at = path.isEmpty() ? name : path + "." + name;
            if (!schema.declares(name) && !schema.keepsUnknownFields()) {
                unknown.add(at);
                object.remove(name);
            } else if (field.getValue().isNull() && !schema.field(name).flag("nullable")) {
                object.remove(name);
            } else {
                prune(field.getValue(), schema.field(name), at, unknown);
            }
        }
    }

    static void applyDefaults(JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property :
                    schema.node().path("properties").properties()) {
                JsonNode preset = schema.defaultOf(property.getKey());
                if (!object.has(property.getKey()) && !preset.isMissingNode()) {
                    object.set(property.getKey(), preset.deepCopy());
                }
            }
            object.properties().forEach(field -> applyDefaults(field.getValue(), schema.field(field.getKey())));
        } else {
            value.forEach(element -> applyDefaults(element, schema.items()));
        }
    }

    static List<StatusException.Cause> validate(JsonNode value, Schema schema) {
        List<StatusException.Cause> causes = new ArrayList<>();
        validate(value, schema, "", causes);
        return causes;
    }

    private static void validate(JsonNode value, Schema schema, String path, List<StatusException.Cause> causes) {
        if (!schema.isKnown() || !hasType(value, schema, path, causes)) {
            return;
        }
        JsonNode rules = schema.node();
        if (rules.has("enum") && Json.strings(rules.path("enum")).stream().noneMatch(value.asText()::equals)) {
            String supported = Json.strings(rules.path("enum")).stream()
                    .map(each -> '"' + each + '"')
                    .collect(Collectors.joining(", "));
            add(
                    causes,
                    "FieldValueNotSupported",
                    path,
                    "Unsupported value: %s: supported values: %s",
                    value,
                    supported);
        }
        if (value.isNumber()) {
            number(value, rules, path, causes);
        } else if (value.isTextual()) {
            text(value.asText(), rules, path, causes);
        } else if (value instanceof ArrayNode list) {
            list(list, schema, path, causes);
        } else if (value instanceof ObjectNode object) {
            object(object, schema, path, causes);
        }
    }

    private static boolean hasType(JsonNode value, Schema schema, String path, List<StatusException.Cause> causes) {
        boolean intOrString = schema.flag("x-kubernetes-int-or-string");
        if (value.isNull() && schema.flag("nullable")) {
            return false;
        }
        boolean fits =
                switch (intOrString ? "int-or-string" : schema.type()) {
                    case "int-or-string" -> value.isNumber() || value.isTextual();
                    case "string" -> value.isTextual();
                    case "boolean" -> value.isBoolean();
                    case "integer" ->
                        value.isIntegralNumber()
                                || value.isNumber()
                                        && value.decimalValue()
                                                        .stripTrailingZeros()
                                                        .scale()
                                                <= 0;
                    case "number" -> value.isNumber();
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    default -> true;
                };
        if (!fits) {
            add(
                    causes,
                    "FieldValueTypeInvalid",
                    path,
                    "Invalid value: \"%s\": %s in body must be of type %s: \"%s\"",
                    typeOf(value),
                    path,
                    intOrString ? "integer or string" : schema.type(),
                    typeOf(value));
        }
        return fits;
    }

    private static String typeOf(JsonNode value) {
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static void number(JsonNode value, JsonNode rules, String path, List<StatusException.Cause> causes) {
        BigDecimal number = value.decimalValue();
        if (rules.has("minimum")) {
            boolean exclusive = rules.path("exclusiveMinimum").asBoolean(false);
            int compared = number.compareTo(rules.path("minimum").decimalValue());
            if (compared < 0 || exclusive && compared == 0) {
                String than = exclusive ? "greater than" : "greater than or equal to";
                invalid(causes, path, value, "should be %s %s", than, plain(rules.path("minimum")));
            }
        }
        if (rules.has("maximum")) {
            boolean exclusive = rules.path("exclusiveMaximum").asBoolean(false);
            int compared = number.compareTo(rules.path("maximum").decimalValue());
            if (compared > 0 || exclusive && compared == 0) {
                String than = exclusive ? "less than" : "less than or equal to";
                invalid(causes, path, value, "should be %s %s", than, plain(rules.path("maximum")));
            }
        }
    }

    private static String plain(JsonNode number) {
        return number.decimalValue().stripTrailingZeros().toPlainString();
    }

    private static void text(String value, JsonNode rules, String path, List<StatusException.Cause> causes) {
        int length = value.codePointCount(0, value.length());
        if (length < rules.path("minLength").asInt(0)) {
            invalid(causes, path, quoted(value), "should be at least %s chars long", rules.path("minLength"));
        }
        if (length > rules.path("maxLength").asInt(Integer.MAX_VALUE)) {
            add(causes, "FieldValueTooLong", path, "Too long: may not be more than %s bytes", rules.path("maxLength"));
        }
        if (rules.has("pattern")
                && !Pattern.compile(rules.path("pattern").asText())
                        .matcher(value)
                        .find()) {
            invalid(
                    causes,
                    path,
                    quoted(value),
                    "should match '%s'",
                    rules.path("pattern").asText());
        }
    }

    private static void list(ArrayNode list, Schema schema, String path, List<StatusException.Cause> causes) {
        JsonNode rules = schema.node();
        if (list.size() < rules.path("minItems").asInt(0)) {
            invalid(causes, path, list.size(), "should have at least %s items", rules.path("minItems"));
        }
        if (list.size() > rules.path("maxItems").asInt(Integer.MAX_VALUE)) {
            String message = "Too many: %d: must have at most %s items";
            add(causes, "FieldValueTooMany", path, message, list.size(), rules.path("maxItems"));
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.path(i);
            String at = path + "[" + i + "]";
            JsonNode identity = schema.isSet() ? element : Json.object();
            schema.listKeys().forEach(key -> Json.set((ObjectNode) identity, key, element.path(key)));
            if ((schema.isSet() || !schema.listKeys().isEmpty()) && !seen.add(identity)) {
                add(causes, "FieldValueDuplicate", at, "Duplicate value: %s", identity);
            }
            validate(element, schema.items(), at, causes);
        }
    }

    private static void object(ObjectNode object, Schema schema, String path, List<StatusException.Cause> causes) {
        String prefix = path.isEmpty() ? "" : path + ".";
        for (String required : Json.strings(schema.node().path("required"))) {
            if (!object.has(required)) {
                add(causes, "FieldValueRequired", prefix + required, "Required value");
            }
        }
        JsonNode most = schema.node().path("maxProperties");
        if (object.size() > most.asInt(Integer.MAX_VALUE)) {
            add(causes, "FieldValueTooMany", path, "Too many: %d: must have at most %s items", object.size(), most);
        }
        if (object.size() < schema.node().path("minProperties").asInt(0)) {
            invalid(
                    causes,
                    path,
                    object.size(),
                    "should have at least %s properties",
                    schema.node().path("minProperties"));
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            validate(field.getValue(), schema.field(field.getKey()), prefix + field.getKey(), causes);
        }
    }

    private static String quoted(String value) {
        return '"' + value + '"';
    }

    private static void invalid(
            List<StatusException.Cause> causes, String path, Object value, String rule, Object... arguments) {
        String message = "Invalid value: %s: %s in body %s".formatted(value, path, rule.formatted(arguments));
        causes.add(new StatusException.Cause("FieldValueInvalid", path, message));
    }

    private static void add(
            List<StatusException.Cause> causes, String reason, String path, String message, Object... arguments) {
        causes.add(new StatusException.Cause(reason, path, message.formatted(arguments)));
    }
}
