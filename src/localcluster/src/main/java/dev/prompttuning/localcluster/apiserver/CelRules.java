package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.prompttuning.localcluster.apiserver.StatusException.Cause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The {@code x-kubernetes-validations} of fields, transition rules among them. */
final class CelRules {
    private static final Pattern TRANSITION = Pattern.compile("\\boldSelf\\b");
    /** CEL's integers are long. */
    private static final ObjectMapper CEL_TYPES = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    // The one thing here that other threads write: compiling is slow at first and happens beside the event loop.
    private final Map<String, Program> programs = new ConcurrentHashMap<>();
    private Cel cel;

    /** Compiles every rule found in this tree, on any thread. @throws StatusException 400 when one does not compile */
    void prepare(JsonNode definition) {
        definition
                .findValues("x-kubernetes-validations")
                .forEach(
                        rules -> rules.forEach(rule -> program(rule.path("rule").asText())));
    }

    private Program program(String rule) {
        return programs.computeIfAbsent(rule, this::compile);
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

    /** Adds to {@code causes}. Rules that speak of oldSelf apply only where there was a value before. */
    void check(Field field, List<Cause> causes) {
        for (JsonNode rule : field.schema().node().path("x-kubernetes-validations")) {
            String text = rule.path("rule").asText();
            boolean applies =
                    !field.before().isMissingNode() || !TRANSITION.matcher(text).find();
            if (applies && !holds(text, field)) {
                causes.add(cause(rule, field));
            }
        }
    }

    private boolean holds(String rule, Field field) {
        Map<String, Object> variables = new HashMap<>(Map.of("self", plain(field.value())));
        if (!field.before().isMissingNode()) {
            variables.put("oldSelf", plain(field.before()));
        }
        try {
            return Boolean.TRUE.equals(program(rule).eval(variables));
        } catch (CelEvaluationException e) {
            return false; // as where it reads a field that is not there
        }
    }

    private static Object plain(JsonNode value) {
        return CEL_TYPES.convertValue(value, Object.class);
    }

    private static Cause cause(JsonNode rule, Field field) {
        JsonNode value = field.value();
        String reason = rule.path("reason").asText("FieldValueInvalid");
        String shown = value.isObject() ? "\"object\"" : value.isArray() ? "\"array\"" : value.toString();
        String kind =
                switch (reason) {
                    case "FieldValueForbidden" -> "Forbidden";
                    case "FieldValueRequired" -> "Required value";
                    default -> "Invalid value: " + shown;
                };
        String message =
                rule.path("message").asText("failed rule: " + rule.path("rule").asText());
        return new Cause(reason, field.path() + rule.path("fieldPath").asText(), kind + ": " + message);
    }
}
