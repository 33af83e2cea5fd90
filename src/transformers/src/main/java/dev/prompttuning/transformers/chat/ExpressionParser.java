package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Expression.Arguments;
import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Expressions by recursive descent, in Jinja's order of precedence. */
final class ExpressionParser {

    private static final int MAX_DEPTH = 100;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "if", "else", "elif", "in", "is");

    private final TokenStream tokens;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** One expression, or several with commas: a tuple. */
    Expression expressionOrTuple() {
        return tuple(expression(true), true);
    }

    private Expression tuple(Expression first, boolean conditional) {
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")) {
            if (endsTuple()) {
                break;
            }
            items.add(expression(conditional));
        }
        return new Expression.ListOf(first.at(), List.copyOf(items), true);
    }

    private boolean endsTuple() {
        return tokens.isOperator(")")
                || tokens.peek().kind() == Kind.BLOCK_END
                || tokens.peek().kind() == Kind.OUTPUT_END;
    }

    Expression expression() {
        return expression(true);
    }

    /** @param conditional false where an {@code if} belongs to the statement, as in {@code for x in y if z} */
    Expression expression(boolean conditional) {
        descend();
        Expression value = or();
        while (conditional && tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression(true) : null;
            value = new Expression.Conditional(value.at(), condition, value, otherwise);
        }
        depth--;
        return value;
    }

    private void descend() {
        if (++depth > MAX_DEPTH) {
            throw tokens.error("expressions are nested deeper than " + MAX_DEPTH);
        }
    }

    private Expression or() {
        Expression left = and();
        while (tokens.isName("or")) {
            left = new Expression.Binary(tokens.next().at(), "or", left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.isName("and")) {
            left = new Expression.Binary(tokens.next().at(), "and", left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.isName("not") || tokens.peek(1).is(Kind.NAME, "in")) {
            return comparison();
        }
        descend();
        Expression value = new Expression.Unary(tokens.next().at(), "not", not());
        depth--;
        return value;
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            if (tokens.peek().kind() == Kind.OPERATOR
                    && COMPARISONS.contains(tokens.peek().text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (tokens.isName("not") && tokens.peek(1).is(Kind.NAME, "in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Comparison(first.at(), first, operators, others);
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.at(), operator.text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.isOperator("~")) {
            left = new Expression.Binary(tokens.next().at(), "~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.at(), operator.text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.isOperator("**")) {
            left = new Expression.Binary(tokens.next().at(), "**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        descend();
        Expression value;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            Token operator = tokens.next();
            value = new Expression.Unary(operator.at(), operator.text(), unary(false));
        } else {
            value = postfix(primary());
        }
        depth--;
        return filters ? filters(value) : value;
    }

    private Expression filters(Expression of) {
        Expression value = of;
        while (true) {
            if (tokens.isOperator("|")) {
                value = filter(value);
            } else if (tokens.isName("is")) {
                value = test(value);
            } else if (tokens.isOperator("(")) {
                value = new Expression.Call(tokens.peek().at(), value, arguments());
            } else {
                return value;
            }
        }
    }

    /** One {@code | name(…)}. */
    Expression filter(Expression of) {
        tokens.expectOperator("|");
        return namedFilter(of);
    }

    Expression namedFilter(Expression of) {
        Token name = tokens.expectName();
        return new Expression.Filter(name.at(), of, name.text(), tokens.isOperator("(") ? arguments() : Arguments.NONE);
    }

    private Expression test(Expression of) {
        int at = tokens.next().at();
        boolean negated = tokens.skipName("not");
        String name = tokens.expectName().text();
        Arguments arguments = Arguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
        }
        return new Expression.Test(at, of, name, arguments, negated);
    }

    private boolean startsTestArgument() {
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
            case INTEGER -> new Expression.Literal(token.at(), integer(token));
            case FLOAT ->
                new Expression.Literal(
                        token.at(), Double.parseDouble(token.text().replace("_", "")));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesised(token);
                    case "[" -> new Expression.ListOf(token.at(), list("]"), false);
                    case "{" -> dict(token);
                    default -> throw tokens.unexpected(token);
                };
            default -> throw tokens.unexpected(token);
        };
    }

    private Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(token.at(), true);
            case "false", "False" -> new Expression.Literal(token.at(), false);
            case "none", "None" -> new Expression.Literal(token.at(), null);
            default -> {
                if (KEYWORDS.contains(token.text())) {
                    throw tokens.unexpected(token);
                }
                yield new Expression.Name(token.at(), token.text());
            }
        };
    }

    private Expression strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.peek().kind() == Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expression.Literal(first.at(), text.toString());
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
            return new Expression.ListOf(open.at(), List.of(), true);
        }
        Expression value = expressionOrTuple();
        tokens.expectOperator(")");
        return value;
    }

    private List<Expression> list(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(close)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(close)) {
                    break;
                }
            }
            items.add(expression());
        }
        return List.copyOf(items);
    }

    private Expression dict(Token open) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        return new Expression.DictOf(open.at(), List.copyOf(keys), List.copyOf(values));
    }

    private Expression postfix(Expression of) {
        Expression value = of;
        while (true) {
            if (tokens.isOperator(".")) {
                value = attribute(value);
            } else if (tokens.isOperator("[")) {
                value = subscript(value);
            } else if (tokens.isOperator("(")) {
                value = new Expression.Call(tokens.peek().at(), value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression of) {
        tokens.next();
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME -> new Expression.Attribute(name.at(), of, name.text());
            case INTEGER -> new Expression.Item(name.at(), of, new Expression.Literal(name.at(), integer(name)));
            default -> throw tokens.unexpected(name);
        };
    }

    private Expression subscript(Expression of) {
        int at = tokens.next().at();
        Expression from = tokens.isOperator(":") ? null : expression();
        if (from != null && tokens.skipOperator("]")) {
            return new Expression.Item(at, of, from);
        }
        tokens.expectOperator(":");
        Expression to = tokens.isOperator(":") || tokens.isOperator("]") ? null : expression();
        Expression step = tokens.skipOperator(":") && !tokens.isOperator("]") ? expression() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(at, of, from, to, step);
    }

    Arguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        boolean first = true;
        while (!tokens.skipOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.peek().kind() == Kind.NAME && tokens.peek(1).is(Kind.OPERATOR, "=")) {
                Token name = tokens.next();
                tokens.next();
                if (named.put(name.text(), expression()) != null) {
                    throw tokens.error(name, "the argument " + name.text() + " is given twice");
                }
            } else if (!named.isEmpty()) {
                throw tokens.error("an argument without a name follows one with a name");
            } else {
                positional.add(expression());
            }
        }
        return new Arguments(List.copyOf(positional), named);
    }
}
