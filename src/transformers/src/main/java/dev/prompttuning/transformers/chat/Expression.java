package dev.prompttuning.transformers.chat;

import java.util.List;
import java.util.Map;

/** What has a value. {@code at} is the offset in the source. */
sealed interface Expression {

    int at();

    record Literal(int at, Object value) implements Expression {}

    record Name(int at, String name) implements Expression {}

    record ListOf(int at, List<Expression> items, boolean tuple) implements Expression {}

    record DictOf(int at, List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(int at, Expression of, String name) implements Expression {}

    record Item(int at, Expression of, Expression key) implements Expression {}

    /** Absent bounds are null. */
    record Slice(int at, Expression of, Expression from, Expression to, Expression step) implements Expression {}

    record Call(int at, Expression target, Arguments arguments) implements Expression {}

    record Filter(int at, Expression of, String name, Arguments arguments) implements Expression {}

    record Test(int at, Expression of, String name, Arguments arguments, boolean negated) implements Expression {}

    record Unary(int at, String operator, Expression of) implements Expression {}

    record Binary(int at, String operator, Expression left, Expression right) implements Expression {}

    /** {@code a < b <= c}: neighbours are compared, and all must hold. */
    record Comparison(int at, Expression first, List<String> operators, List<Expression> others)
            implements Expression {}

    /** {@code otherwise} may be null: an undefined value. */
    record Conditional(int at, Expression condition, Expression then, Expression otherwise) implements Expression {}

    /** Arguments of a call, filter or test. */
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
