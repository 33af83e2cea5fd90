package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.List;

/** One rendering: what it has written, and what it may still cost. */
final class Run {

    private final Budget budget = new Budget();
    private final Operators operators = new Operators(budget);
    private final Attributes attributes = new Attributes(budget);
    private final Tests tests = new Tests(budget);
    private final Filters filters = new Filters(budget, tests, attributes);
    private final List<Rendering.Span> assistant = new ArrayList<>();
    private StringBuilder out = new StringBuilder();
    private int buffers;

    Budget budget() {
        return budget;
    }

    Operators operators() {
        return operators;
    }

    Attributes attributes() {
        return attributes;
    }

    Tests tests() {
        return tests;
    }

    Filters filters() {
        return filters;
    }

    void write(Object value) {
        String text = Printing.str(value, budget);
        budget.output(text.length(), (long) out.length() + text.length());
        out.append(text);
    }

    /** What a body writes, kept from the output. */
    String captured(Statement body, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        buffers++;
        body.run(scope);
        String text = out.toString();
        buffers--;
        out = outer;
        return text;
    }

    Statement.Flow generation(Statement body, Scope scope) {
        if (buffers > 0) {
            throw TemplateException.of("a generation block inside a macro, set, filter or call block is not supported");
        }
        int start = out.length();
        Statement.Flow flow = body.run(scope);
        assistant.add(new Rendering.Span(start, out.length()));
        return flow;
    }

    Rendering rendering() {
        return new Rendering(out.toString(), List.copyOf(assistant));
    }
}
