package dev.prompttuning.transformers.chat;

import java.util.List;

/** What writes, or changes names. {@code at} is the offset in the source. */
sealed interface Statement {

    int at();

    record Literal(int at, String text) implements Statement {}

    record Output(int at, Expression value) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    record If(int at, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /** {@code filter} may be null. */
    record For(
            int at,
            List<String> names,
            Expression items,
            Expression filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Assign(int at, List<String> names, Expression value) implements Statement {}

    record AssignAttribute(int at, String namespace, String attribute, Expression value) implements Statement {}

    /** {@code {% set name %}…{% endset %}}; each filter's operand is {@link #BODY}. */
    record AssignBlock(int at, String name, Expression filtered, List<Statement> body) implements Statement {}

    record Parameter(String name, Expression defaultValue) {}

    record Macro(int at, String name, List<Parameter> parameters, List<Statement> body) implements Statement {}

    record CallBlock(int at, Expression call, Macro caller) implements Statement {}

    record FilterBlock(int at, Expression filtered, List<Statement> body) implements Statement {}

    record With(int at, List<String> names, List<Expression> values, List<Statement> body) implements Statement {}

    /** What the assistant says, marked for the loss. */
    record Generation(int at, List<Statement> body) implements Statement {}

    record Break(int at) implements Statement {}

    record Continue(int at) implements Statement {}

    /** Under this name a block's text is handed to its filters; no template can write such a name. */
    String BODY = "<body>";
}
