package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The {@code x-kubernetes-validations} of a schema, at every level of an object, with transition rules. */
final class CelRules {
    private static final Pattern TRANSITION = Pattern.compile("\\boldSelf\\b");

    // The one thing here that other threads write: compiling is slow at first and happens beside the event loop.
    private final Map<String, Program> programs = new ConcurrentHashMap<>();
    private Cel cel;

    /** Compiles every rule found in this tree, on any thread. @throws StatusException 400 when one does not compile */
    void prepare(JsonNode definition) {
        definition.findValues("x-kubernetes-validations").forEach(rules -> rules.forEach(rule -> program(rule)));
    }

    private Program program(JsonNode rule) {
        return programs.computeIfAbsent(rule.path("rule").asText(), this::compile);
    }

    private synchronized Program compile(String rule) {
        try {
            if (cel == null) {
                cel = CelFactory.standardCelBuilder()
                        .setOptions(CelOptions.current()
                                .enableHeterogeneousNumericComparisons(true)
                                .build())
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addCompilerLibraries(CelExtensions.strings())
                        .addRuntimeLibraries(CelExtensions.strings())
                        .addVar("self", SimpleType.DYN)
                        .addVar("oldSelf", SimpleType.DYN)
                        .build();
            }
            return cel.createProgram(cel.compile(rule).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw StatusException.badRequest(
                    "the validation rule \"%s\" does not compile: %s".formatted(rule, e.getMessage()));
        }
    }

    /** @param before null when the object is new: rules that speak of oldSelf then do not apply */
    List<StatusException.Cause> check(JsonNode object, JsonNode before, Schema schema) {
        List<StatusException.Cause> causes = new ArrayList<>();
        walk(object, before == null ? MissingNode.getInstance() : before, schema, "", causes);
        return causes;
    }

    private void walk(JsonNode value, JsonNode old, Schema schema, String path, List<StatusException.Cause> causes) {
        for (JsonNode rule : schema.node().path("x-kubernetes-validations")) {
            failure(rule, value, old).ifPresent(message -> causes.add(cause(rule, message, value, path)));
        }
        if (value.isObject()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            value.properties()
                    .forEach(field -> walk(
                            field.getValue(),
                            old.path(field.getKey()),
                            schema.field(field.getKey()),
                            prefix + field.getKey(),
                            causes));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode element = value.path(i);
                walk(element, correlated(element, old, schema), schema.items(), path + "[" + i + "]", causes);
            }
        }
    }

    /** The same element of a list that is a map; others have no past. */
    private static JsonNode correlated(JsonNode element, JsonNode old, Schema list) {
        List<String> keys = list.listKeys();
        for (JsonNode candidate : old) {
            if (!keys.isEmpty()
                    && keys.stream().allMatch(key -> candidate.path(key).equals(element.path(key)))) {
                return candidate;
            }
        }
        return MissingNode.getInstance();
    }

    private Optional<String> failure(JsonNode rule, JsonNode value, JsonNode old) {
        boolean transition = TRANSITION.matcher(rule.path("rule").asText()).find();
        if (transition && old.isMissingNode()) {
            return Optional.empty();
        }
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("self", plain(value));
        if (transition) {
            variables.put("oldSelf", plain(old));
        }
        try {
            if (Boolean.TRUE.equals(program(rule).eval(variables))) {
                return Optional.empty();
            }
            if (rule.has("messageExpression")) {
                JsonNode message =
                        Json.object().put("rule", rule.path("messageExpression").asText());
                return Optional.of(String.valueOf(program(message).eval(variables)));
            }
            String message = rule.path("message").asText("");
            return Optional.of(
                    message.isEmpty() ? "failed rule: " + rule.path("rule").asText() : message);
        } catch (CelEvaluationException e) {
            return Optional.of("rule \"%s\" cannot be evaluated: %s"
                    .formatted(rule.path("rule").asText(), e.getMessage()));
        }
    }

    private static StatusException.Cause cause(JsonNode rule, String message, JsonNode value, String path) {
        String field = path + rule.path("fieldPath").asText("");
        String reason = rule.path("reason").asText("FieldValueInvalid");
        String shown = value.isContainerNode() ? value.isObject() ? "\"object\"" : "\"array\"" : value.toString();
        String text =
                switch (reason) {
                    case "FieldValueForbidden" -> "Forbidden: " + message;
                    case "FieldValueRequired" -> "Required value: " + message;
                    default -> "Invalid value: " + shown + ": " + message;
                };
        return new StatusException.Cause(reason, field, text);
    }

    /** CEL's own types: int is Long, lists and maps are Java's. */
    private static Object plain(JsonNode value) {
        if (value.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            value.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
            return map;
        }
        if (value.isArray()) {
            List<Object> list = new ArrayList<>();
            value.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (value.isIntegralNumber()) {
            return value.asLong();
        }
        if (value.isNumber()) {
            return value.asDouble();
        }
        return value.isBoolean() ? (Object) value.asBoolean() : value.asText();
    }
}
