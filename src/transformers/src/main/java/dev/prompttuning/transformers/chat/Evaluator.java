package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Expression.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of expressions. */
final class Evaluator {

    private final Source source;
    private final Budget budget;
    private final Attributes attributes;
    private final Operators operators;
    private final Tests tests;
    private final Filters filters;

    Evaluator(Source source, Budget budget) {
        this.source = source;
        this.budget = budget;
        attributes = new Attributes(budget);
        operators = new Operators(budget);
        tests = new Tests(budget);
        filters = new Filters(budget, tests, attributes);
    }

    Object evaluate(Expression expression, Scope scope) {
        try {
            budget.enter();
            Object value = value(expression, scope);
            budget.leave();
            return value;
        } catch (TemplateException e) {
            throw source.locate(expression.at(), e);
        }
    }

    boolean isTrue(Expression expression, Scope scope) {
        return Values.isTrue(evaluate(expression, scope));
    }

    private Object value(Expression expression, Scope scope) {
        // A chain of instanceof because Java 17 has no patterns in switch.
        if (expression instanceof Expression.Literal literal) {
            return literal.value();
        }
        if (expression instanceof Expression.Name name) {
            return scope.get(name.name());
        }
        if (expression instanceof Expression.Attribute attribute) {
            return attributes.attribute(evaluate(attribute.of(), scope), attribute.name());
        }
        if (expression instanceof Expression.Item item) {
            return attributes.item(evaluate(item.of(), scope), evaluate(item.key(), scope));
        }
        if (expression instanceof Expression.Slice slice) {
            return operators.slice(
                    evaluate(slice.of(), scope),
                    optional(slice.from(), scope),
                    optional(slice.to(), scope),
                    optional(slice.step(), scope));
        }
        if (expression instanceof Expression.Filter filter) {
            return filters.apply(filter.name(), evaluate(filter.of(), scope), arguments(filter.arguments(), scope));
        }
        if (expression instanceof Expression.Test test) {
            return tests.holds(test.name(), evaluate(test.of(), scope), arguments(test.arguments(), scope))
                    != test.negated();
        }
        if (expression instanceof Expression.Call call) {
            return call(evaluate(call.target(), scope), arguments(call.arguments(), scope));
        }
        if (expression instanceof Expression.Conditional conditional) {
            return conditional(conditional, scope);
        }
        return computed(expression, scope);
    }

    private Object computed(Expression expression, Scope scope) {
        if (expression instanceof Expression.Unary unary) {
            return unary(unary, scope);
        }
        if (expression instanceof Expression.Binary binary) {
            return binary(binary, scope);
        }
        if (expression instanceof Expression.Comparison comparison) {
            return comparison(comparison, scope);
        }
        if (expression instanceof Expression.ListOf list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(evaluate(item, scope)));
            return list.tuple() ? new Sequence(Sequence.Kind.TUPLE, items) : items;
        }
        Expression.DictOf dict = (Expression.DictOf) expression;
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            map.put(
                    key(evaluate(dict.keys().get(i), scope)),
                    evaluate(dict.values().get(i), scope));
        }
        return map;
    }

    private static Object key(Object value) {
        if (value == null || value instanceof String || value instanceof Long) {
            return value;
        }
        throw Values.wrongType("a str or int as a key", value);
    }

    private Object optional(Expression expression, Scope scope) {
        return expression == null ? null : evaluate(expression, scope);
    }

    static Object call(Object target, CallArguments arguments) {
        if (target instanceof Function function) {
            return function.call(arguments);
        }
        throw target instanceof Undefined undefined
                ? undefined.error()
                : TemplateException.of("a " + Values.typeName(target) + " cannot be called");
    }

    CallArguments arguments(Arguments arguments, Scope scope) {
        if (arguments == Arguments.NONE) {
            return new CallArguments(List.of(), Map.of());
        }
        List<Object> positional = new ArrayList<>();
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.positional().forEach(argument -> positional.add(evaluate(argument, scope)));
        arguments.named().forEach((name, argument) -> named.put(name, evaluate(argument, scope)));
        return new CallArguments(positional, named);
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (isTrue(conditional.condition(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined("the inline if was false and has no else")
                : evaluate(conditional.otherwise(), scope);
    }

    private Object unary(Expression.Unary unary, Scope scope) {
        Object value = evaluate(unary.of(), scope);
        return switch (unary.operator()) {
            case "not" -> !Values.isTrue(value);
            case "-" -> operators.negate(value);
            default -> value instanceof Double ? value : (Object) Values.integer(value);
        };
    }

    private Object binary(Expression.Binary binary, Scope scope) {
        Object left = evaluate(binary.left(), scope);
        return switch (binary.operator()) {
            case "and" -> Values.isTrue(left) ? evaluate(binary.right(), scope) : left;
            case "or" -> Values.isTrue(left) ? left : evaluate(binary.right(), scope);
            case "~" ->
                operators.apply("+", Printing.str(left, budget), Printing.str(evaluate(binary.right(), scope), budget));
            default -> operators.apply(binary.operator(), left, evaluate(binary.right(), scope));
        };
    }

    private boolean comparison(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = evaluate(comparison.others().get(i), scope);
            if (!compare(comparison.operators().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, budget);
            case "!=" -> !Values.equal(left, right, budget);
            case "in" -> Values.contains(right, left, budget);
            case "not in" -> !Values.contains(right, left, budget);
            case "<" -> Values.compare(left, right, budget) < 0;
            case "<=" -> Values.compare(left, right, budget) <= 0;
            case ">" -> Values.compare(left, right, budget) > 0;
            default -> Values.compare(left, right, budget) >= 0;
        };
    }
}
