package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.prompttuning.localcluster.apiserver.StatusException.Cause;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is wrong with one field by its schema, in the words of a Kubernetes API server. */
record Constraints(Field field, JsonNode rules, List<Cause> causes) {

    /** Adds to {@code causes}. */
    static void check(Field field, List<Cause> causes) {
        new Constraints(field, field.schema().node(), causes).check();
    }

    private void check() {
        JsonNode value = field.value();
        boolean mixed = rules.path("x-kubernetes-int-or-string").asBoolean();
        String type = mixed ? "integer or string" : rules.path("type").asText();
        String nodeType = value.getNodeType().name().toLowerCase(Locale.ROOT);
        String found = value.isIntegralNumber() ? "integer" : nodeType;
        if (type.isEmpty() || type.contains(found) || type.equals(nodeType)) {
            checkValue();
        } else {
            String message = "Invalid value: \"%1$s\": %2$s in body must be of type %3$s: \"%1$s\"";
            add("FieldValueTypeInvalid", message, found, field.path(), type);
        }
    }

    private void checkValue() {
        JsonNode value = field.value();
        List<String> supported = Json.strings(rules.path("enum"));
        if (!supported.isEmpty() && !supported.contains(value.asText())) {
            String all = supported.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", "));
            add("FieldValueNotSupported", "Unsupported value: %s: supported values: %s", value, all);
        }
        if (value.isNumber()) {
            checkBound("minimum", "exclusiveMinimum", 1, "greater");
            checkBound("maximum", "exclusiveMaximum", -1, "less");
        } else if (value.isTextual()) {
            checkText(value.asText());
        } else if (value.isArray()) {
            checkSize(value.size());
        }
        for (String required : Json.strings(rules.path("required"))) {
            if (!value.has(required)) {
                causes.add(new Cause("FieldValueRequired", field.pathOf(required), "Required value"));
            }
        }
        boolean changed = !field.before().isMissingNode() && !Json.same(field.before(), value);
        if (rules.path("x-immutable").asBoolean() && changed) {
            add("FieldValueInvalid", "Invalid value: %s: field is immutable", value);
        }
    }

    private void checkBound(String keyword, String exclusive, int sign, String word) {
        if (rules.has(keyword)) {
            BigDecimal bound = rules.path(keyword).decimalValue();
            int distance = field.value().decimalValue().compareTo(bound) * sign;
            boolean open = rules.path(exclusive).asBoolean();
            if (distance < 0 || open && distance == 0) {
                String number = bound.stripTrailingZeros().toPlainString();
                invalid(field.value(), "should be %s than %s%s", word, open ? "" : "or equal to ", number);
            }
        }
    }

    private void checkText(String text) {
        int length = text.codePointCount(0, text.length());
        String pattern = rules.path("pattern").asText();
        if (length < rules.path("minLength").asInt()) {
            invalid(field.value(), "should be at least %s chars long", rules.path("minLength"));
        }
        if (length > rules.path("maxLength").asInt(Integer.MAX_VALUE)) {
            add("FieldValueTooLong", "Too long: may not be more than %s bytes", rules.path("maxLength"));
        }
        if (!Pattern.compile(pattern).matcher(text).find()) {
            invalid(field.value(), "should match '%s'", pattern);
        }
    }

    private void checkSize(int size) {
        if (size < rules.path("minItems").asInt()) {
            invalid(size, "should have at least %s items", rules.path("minItems"));
        }
        if (size > rules.path("maxItems").asInt(Integer.MAX_VALUE)) {
            add("FieldValueTooMany", "Too many: %s: must have at most %s items", size, rules.path("maxItems"));
        }
    }

    private void invalid(Object value, String rule, Object... arguments) {
        add("FieldValueInvalid", "Invalid value: %s: %s in body %s", value, field.path(), rule.formatted(arguments));
    }

    private void add(String reason, String message, Object... arguments) {
        causes.add(new Cause(reason, field.path(), message.formatted(arguments)));
    }
}
