package dev.prompttuning.transformers.chat;

import java.util.List;
import java.util.Map;

/** Jinja's tests, {@code value is name}. */
final class Tests {

    private final Budget budget;

    Tests(Budget budget) {
        this.budget = budget;
    }

    boolean holds(String name, Object value, CallArguments arguments) {
        boolean result = evaluate(name, value, arguments);
        arguments.done();
        return result;
    }

    private boolean evaluate(String name, Object value, CallArguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map;
            case "sequence" ->
                value instanceof String
                        || value instanceof Map
                        || value instanceof Undefined
                        || value instanceof List<?> list && (!(list instanceof Sequence s) || s.indexed());
            case "iterable" ->
                value instanceof String || value instanceof Map || value instanceof Undefined || value instanceof List;
            case "callable" -> value instanceof Function || value instanceof Undefined;
            case "even" -> Math.floorMod(Values.integer(value), 2L) == 0;
            case "odd" -> Math.floorMod(Values.integer(value), 2L) == 1;
            case "lower" -> StringMethods.isCased(Values.text(value), true);
            case "upper" -> StringMethods.isCased(Values.text(value), false);
            default -> compare(name, value, arguments);
        };
    }

    private boolean compare(String name, Object value, CallArguments arguments) {
        if (!arguments.has("other")) {
            throw TemplateException.of("unknown test '" + name + "', or its argument is missing");
        }
        Object other = arguments.required("other");
        return switch (name) {
            case "eq", "equalto", "==" -> Values.equal(value, other, budget);
            case "ne", "!=" -> !Values.equal(value, other, budget);
            case "lt", "lessthan" -> Values.compare(value, other, budget) < 0;
            case "le" -> Values.compare(value, other, budget) <= 0;
            case "gt", "greaterthan" -> Values.compare(value, other, budget) > 0;
            case "ge" -> Values.compare(value, other, budget) >= 0;
            case "in" -> Values.contains(other, value, budget);
            case "divisibleby" -> {
                if (Values.integer(other) == 0) {
                    throw TemplateException.of("division by zero");
                }
                yield Math.floorMod(Values.integer(value), Values.integer(other)) == 0;
            }
            default -> throw TemplateException.of("unknown test '" + name + "'");
        };
    }
}
