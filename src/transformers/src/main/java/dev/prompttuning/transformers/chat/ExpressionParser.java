package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Expression.Arguments;
import dev.prompttuning.transformers.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Expressions by recursive descent, in Jinja's order of precedence. */
final class ExpressionParser {

    private static final int MAX_DEPTH = 100;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    /** From the weakest to the strongest. */
    private static final List<Set<String>> ARITHMETIC =
            List.of(Set.of("+", "-"), Set.of("~"), Set.of("*", "/", "//", "%"), Set.of("**"));

    private final TokenStream tokens;
    private final OperandParser operands;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    /** One expression, or several with commas: a tuple. */
    Expression expressionOrTuple() {
        Token start = tokens.peek();
        Expression first = expression();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            items.add(expression());
        }
        return tokens.expression(start, OperandParser.tuple(items));
    }

    private boolean endsTuple() {
        return tokens.isOperator(")")
                || tokens.peek().kind() == Kind.BLOCK_END
                || tokens.peek().kind() == Kind.OUTPUT_END;
    }

    Expression expression() {
        Token start = tokens.peek();
        Expression value = unconditional();
        while (tokens.skipName("if")) {
            Expression then = value;
            Expression condition = or();
            Expression otherwise = tokens.skipName("else")
                    ? expression()
                    : scope -> new Undefined("the inline if was false and has no else");
            value = tokens.expression(
                    start, scope -> Values.isTrue(condition.value(scope)) ? then.value(scope) : otherwise.value(scope));
        }
        return value;
    }

    /** Where an {@code if} belongs to the statement, as in {@code for x in y if z}. */
    Expression unconditional() {
        return nested(this::or);
    }

    private Expression nested(Supplier<Expression> parsed) {
        if (++depth > MAX_DEPTH) {
            throw tokens.error("expressions are nested deeper than " + MAX_DEPTH);
        }
        Expression value = parsed.get();
        depth--;
        return value;
    }

    private Expression or() {
        return logical("or", true, () -> logical("and", false, this::not));
    }

    /** @param decisive the truth of a left side that makes the right one needless */
    private Expression logical(String operator, boolean decisive, Supplier<Expression> operand) {
        Expression value = operand.get();
        while (tokens.isName(operator)) {
            Token at = tokens.next();
            Expression left = value;
            Expression right = operand.get();
            value = tokens.expression(at, scope -> {
                Object first = left.value(scope);
                return Values.isTrue(first) == decisive ? first : right.value(scope);
            });
        }
        return value;
    }

    private Expression not() {
        if (!tokens.isName("not") || tokens.peek(1).is(Kind.NAME, "in")) {
            return comparison();
        }
        Token at = tokens.next();
        Expression of = nested(this::not);
        return tokens.expression(at, scope -> !Values.isTrue(of.value(scope)));
    }

    /** {@code a < b <= c}: neighbours are compared, and all must hold. */
    private Expression comparison() {
        Token start = tokens.peek();
        Expression first = arithmetic(0);
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        for (String operator = compared(); operator != null; operator = compared()) {
            operators.add(operator);
            others.add(arithmetic(0));
        }
        return operators.isEmpty()
                ? first
                : tokens.expression(start, scope -> {
                    Object left = first.value(scope);
                    for (int i = 0; i < others.size(); i++) {
                        Object right = others.get(i).value(scope);
                        if (!scope.run().operators().compare(operators.get(i), left, right)) {
                            return false;
                        }
                        left = right;
                    }
                    return true;
                });
    }

    /** Goes past an operator that compares; null where there is none. */
    private String compared() {
        Token token = tokens.peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text()) || token.is(Kind.NAME, "in")) {
            return tokens.next().text();
        }
        if (token.is(Kind.NAME, "not") && tokens.peek(1).is(Kind.NAME, "in")) {
            tokens.next();
            return "not " + tokens.next().text();
        }
        return null;
    }

    private Expression arithmetic(int level) {
        if (level == ARITHMETIC.size()) {
            return unary(true);
        }
        Expression value = arithmetic(level + 1);
        while (tokens.peek().kind() == Kind.OPERATOR
                && ARITHMETIC.get(level).contains(tokens.peek().text())) {
            Token operator = tokens.next();
            Expression left = value;
            Expression right = arithmetic(level + 1);
            value = tokens.expression(
                    operator,
                    scope -> scope.run().operators().apply(operator.text(), left.value(scope), right.value(scope)));
        }
        return value;
    }

    private Expression unary(boolean filtered) {
        Expression value = nested(() -> {
            if (!tokens.isOperator("-") && !tokens.isOperator("+")) {
                return operands.operand();
            }
            Token operator = tokens.next();
            Expression of = unary(false);
            return tokens.expression(
                    operator, scope -> scope.run().operators().signed(operator.text(), of.value(scope)));
        });
        return filtered ? filters(value) : value;
    }

    /** The filters, tests and calls behind a value. */
    private Expression filters(Expression of) {
        Expression value = of;
        while (true) {
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.isName("is")) {
                value = test(value);
            } else if (tokens.isOperator("(")) {
                value = operands.call(value);
            } else {
                return value;
            }
        }
    }

    /** {@code name(…)} of a filter. */
    Expression filter(Expression of) {
        Token name = tokens.expectName();
        Arguments arguments = tokens.isOperator("(") ? operands.arguments() : Arguments.NONE;
        return tokens.expression(name, new Expression.Filter(of, name.text(), arguments));
    }

    private Expression test(Expression of) {
        Token at = tokens.next();
        boolean negated = tokens.skipName("not");
        String name = tokens.expectName().text();
        Arguments arguments = tokens.isOperator("(")
                ? operands.arguments()
                : operands.startsArgument() ? new Arguments(List.of(operands.operand()), Map.of()) : Arguments.NONE;
        return tokens.expression(
                at, scope -> scope.run().tests().holds(name, of.value(scope), arguments.values(scope)) != negated);
    }
}
