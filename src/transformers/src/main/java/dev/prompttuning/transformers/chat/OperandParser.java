package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Expression.Arguments;
import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names, literals and what stands in brackets, with the attributes, subscripts and calls behind them. */
final class OperandParser {

    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "if", "else", "elif", "in", "is");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression operand() {
        Expression value = primary();
        while (true) {
            if (tokens.isOperator(".")) {
                value = attribute(value);
            } else if (tokens.isOperator("[")) {
                value = subscript(value);
            } else if (tokens.isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    /** Whether a test's argument follows without brackets. */
    boolean startsArgument() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !KEYWORDS.contains(token.text());
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> strings(token);
            case INTEGER -> literal(token, integer(token));
            case FLOAT -> literal(token, Double.valueOf(token.text().replace("_", "")));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesised(token);
                    case "[" -> list(token);
                    case "{" -> dict(token);
                    default -> throw tokens.unexpected(token);
                };
            default -> throw tokens.unexpected(token);
        };
    }

    private Expression literal(Token at, Object value) {
        return tokens.expression(at, scope -> value);
    }

    private Expression name(Token token) {
        String name = token.text();
        return switch (name) {
            case "true", "True" -> literal(token, true);
            case "false", "False" -> literal(token, false);
            case "none", "None" -> literal(token, null);
            default -> {
                if (KEYWORDS.contains(name)) {
                    throw tokens.unexpected(token);
                }
                yield tokens.expression(token, scope -> scope.get(name));
            }
        };
    }

    private Expression strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.peek().kind() == Kind.STRING) {
            text.append(tokens.next().text());
        }
        return literal(first, text.toString());
    }

    private Long integer(Token token) {
        try {
            return Long.valueOf(token.text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw tokens.error(token, "the number " + token.text() + " is too large");
        }
    }

    private Expression parenthesised(Token open) {
        if (tokens.skipOperator(")")) {
            return tokens.expression(open, tuple(List.of()));
        }
        Expression value = expressions.expressionOrTuple();
        tokens.expectOperator(")");
        return value;
    }

    static Expression tuple(List<Expression> items) {
        return scope -> new Sequence(Sequence.Kind.TUPLE, values(items, scope));
    }

    private static List<Object> values(List<Expression> items, Scope scope) {
        List<Object> values = new ArrayList<>(items.size());
        items.forEach(item -> values.add(item.value(scope)));
        return values;
    }

    private Expression list(Token open) {
        List<Expression> items = new ArrayList<>();
        tokens.separated("]", () -> items.add(expressions.expression()));
        return tokens.expression(open, scope -> values(items, scope));
    }

    private Expression dict(Token open) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        tokens.separated("}", () -> {
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
        });
        return tokens.expression(open, scope -> {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                Object key = keys.get(i).value(scope);
                if (key != null && !(key instanceof String) && !(key instanceof Long)) {
                    throw Values.wrongType("a str or int as a key", key);
                }
                map.put(key, values.get(i).value(scope));
            }
            return map;
        });
    }

    private Expression attribute(Expression of) {
        tokens.next();
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME ->
                tokens.expression(name, scope -> scope.run().attributes().attribute(of.value(scope), name.text()));
            case INTEGER -> {
                Long index = integer(name);
                yield tokens.expression(name, scope -> scope.run().attributes().item(of.value(scope), index));
            }
            default -> throw tokens.unexpected(name);
        };
    }

    private Expression subscript(Expression of) {
        Token open = tokens.next();
        Expression from = bound(":");
        if (from != null && tokens.skipOperator("]")) {
            return tokens.expression(open, scope -> scope.run().attributes().item(of.value(scope), from.value(scope)));
        }
        tokens.expectOperator(":");
        Expression to = tokens.isOperator("]") ? null : bound(":");
        Expression step = tokens.skipOperator(":") ? bound("]") : null;
        tokens.expectOperator("]");
        return tokens.expression(open, scope -> scope.run()
                .operators()
                .slice(of.value(scope), optional(from, scope), optional(to, scope), optional(step, scope)));
    }

    private Expression bound(String absent) {
        return tokens.isOperator(absent) ? null : expressions.expression();
    }

    private static Object optional(Expression expression, Scope scope) {
        return expression == null ? null : expression.value(scope);
    }

    Expression call(Expression target) {
        Token open = tokens.peek();
        return tokens.expression(open, new Expression.Call(target, arguments()));
    }

    Arguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        tokens.separated(")", () -> {
            Token name = tokens.peek();
            if (name.kind() == Kind.NAME && tokens.peek(1).is(Kind.OPERATOR, "=")) {
                tokens.next();
                tokens.next();
                if (named.put(name.text(), expressions.expression()) != null) {
                    throw tokens.error(name, "the argument " + name.text() + " is given twice");
                }
            } else if (!named.isEmpty()) {
                throw tokens.error("an argument without a name follows one with a name");
            } else {
                positional.add(expressions.expression());
            }
        });
        return new Arguments(List.copyOf(positional), named);
    }
}
