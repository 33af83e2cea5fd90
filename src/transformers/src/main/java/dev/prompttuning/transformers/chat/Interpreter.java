package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Expression.Filter;
import java.util.ArrayList;
import java.util.List;

/** Runs the statements of one rendering. */
final class Interpreter {

    /** How a body ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Source source;
    private final Budget budget = new Budget();
    private final Evaluator evaluator;
    private final List<Rendering.Span> assistant = new ArrayList<>();
    private StringBuilder out = new StringBuilder();
    private int buffers;

    Interpreter(Source source) {
        this.source = source;
        this.evaluator = new Evaluator(source, budget);
    }

    Rendering render(List<Statement> template, Scope scope) {
        run(template, scope);
        return new Rendering(out.toString(), List.copyOf(assistant));
    }

    private Flow run(List<Statement> body, Scope scope) {
        for (Statement statement : body) {
            try {
                budget.enter();
                Flow flow = run(statement, scope);
                budget.leave();
                if (flow != Flow.NEXT) {
                    return flow;
                }
            } catch (TemplateException e) {
                throw source.locate(statement.at(), e);
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope) {
        if (statement instanceof Statement.Literal literal) {
            write(literal.text());
        } else if (statement instanceof Statement.Output output) {
            write(Printing.str(evaluator.evaluate(withoutSafe(output.value()), scope), budget));
        } else if (statement instanceof Statement.If branches) {
            return branch(branches, scope);
        } else if (statement instanceof Statement.For loop) {
            return loop(loop, scope);
        } else if (statement instanceof Statement.Break) {
            return Flow.BREAK;
        } else if (statement instanceof Statement.Continue) {
            return Flow.CONTINUE;
        } else if (statement instanceof Statement.With with) {
            return with(with, scope);
        } else if (statement instanceof Statement.Generation generation) {
            return generation(generation, scope);
        } else {
            define(statement, scope);
        }
        return Flow.NEXT;
    }

    /** {@code {{ x | safe }}}: nothing is escaped, so at the end of an output it means nothing. */
    private static Expression withoutSafe(Expression value) {
        return value instanceof Filter filter && filter.name().equals("safe") ? filter.of() : value;
    }

    private void write(String text) {
        budget.size((long) out.length() + text.length() > 16_000_000 ? Integer.MAX_VALUE : text.length());
        out.append(text);
    }

    private void define(Statement statement, Scope scope) {
        if (statement instanceof Statement.Assign assign) {
            assign(assign.names(), evaluator.evaluate(assign.value(), scope), scope);
        } else if (statement instanceof Statement.AssignAttribute assign) {
            if (!(scope.get(assign.namespace()) instanceof Namespace namespace)) {
                throw TemplateException.of("'" + assign.namespace() + "' is not a namespace; its attributes stay");
            }
            namespace.attributes().put(assign.attribute(), evaluator.evaluate(assign.value(), scope));
        } else if (statement instanceof Statement.AssignBlock assign) {
            scope.set(assign.name(), filtered(assign.filtered(), assign.body(), scope));
        } else if (statement instanceof Statement.FilterBlock block) {
            write(Printing.str(filtered(block.filtered(), block.body(), scope), budget));
        } else if (statement instanceof Statement.Macro macro) {
            scope.set(macro.name(), new Macro(macro, scope));
        } else if (statement instanceof Statement.CallBlock block) {
            callBlock(block, scope);
        }
    }

    private Object filtered(Expression filters, List<Statement> body, Scope scope) {
        Scope inner = new Scope(scope);
        inner.set(Statement.BODY, captured(body, new Scope(scope)));
        return evaluator.evaluate(filters, inner);
    }

    private String captured(List<Statement> body, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        buffers++;
        run(body, scope);
        String text = out.toString();
        buffers--;
        out = outer;
        return text;
    }

    private static void assign(List<String> names, Object value, Scope scope) {
        if (names.size() == 1) {
            scope.set(names.get(0), value);
            return;
        }
        List<?> parts = Values.items(value);
        if (parts.size() != names.size()) {
            throw TemplateException.of("cannot share " + parts.size() + " values among " + names.size() + " names");
        }
        for (int i = 0; i < parts.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }

    private Flow branch(Statement.If branches, Scope scope) {
        for (Statement.Branch branch : branches.branches()) {
            if (evaluator.isTrue(branch.condition(), scope)) {
                return run(branch.body(), scope);
            }
        }
        return run(branches.otherwise(), scope);
    }

    private Flow loop(Statement.For loop, Scope scope) {
        List<Object> items = new ArrayList<>();
        Object all = evaluator.evaluate(loop.items(), scope);
        for (Object item : Values.items(all)) {
            Scope inner = new Scope(scope);
            assign(loop.names(), item, inner);
            if (loop.filter() == null || evaluator.isTrue(loop.filter(), inner)) {
                items.add(item);
            }
        }
        Loop state = Loop.over(items);
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            Scope inner = new Scope(scope);
            inner.set("loop", state.at(i));
            assign(loop.names(), items.get(i), inner);
            if (run(loop.body(), inner) == Flow.BREAK) {
                break;
            }
        }
        return items.isEmpty() ? run(loop.otherwise(), new Scope(scope)) : Flow.NEXT;
    }

    private Flow with(Statement.With with, Scope scope) {
        Scope inner = new Scope(scope);
        for (int i = 0; i < with.names().size(); i++) {
            inner.set(with.names().get(i), evaluator.evaluate(with.values().get(i), scope));
        }
        return run(with.body(), inner);
    }

    private Flow generation(Statement.Generation generation, Scope scope) {
        if (buffers > 0) {
            throw TemplateException.of("a generation block inside a macro, set, filter or call block is not supported");
        }
        int start = out.length();
        Flow flow = run(generation.body(), new Scope(scope));
        assistant.add(new Rendering.Span(start, out.length()));
        return flow;
    }

    private void callBlock(Statement.CallBlock block, Scope scope) {
        Expression.Call call = (Expression.Call) block.call();
        if (!(evaluator.evaluate(call.target(), scope) instanceof Macro macro)) {
            throw TemplateException.of("a call block must call a macro");
        }
        Scope named = new Scope(macro.scope);
        named.set("caller", new Macro(block.caller(), scope));
        write((String) new Macro(macro.definition, named).call(evaluator.arguments(call.arguments(), scope)));
    }

    /** A macro sees the names of the place where it was defined. */
    private final class Macro implements Function {

        private final Statement.Macro definition;
        private final Scope scope;

        Macro(Statement.Macro definition, Scope scope) {
            this.definition = definition;
            this.scope = scope;
        }

        @Override
        public Object call(CallArguments arguments) {
            Scope inner = new Scope(scope);
            for (Statement.Parameter parameter : definition.parameters()) {
                if (arguments.has(parameter.name())) {
                    inner.set(parameter.name(), arguments.required(parameter.name()));
                } else if (parameter.defaultValue() != null) {
                    inner.set(parameter.name(), evaluator.evaluate(parameter.defaultValue(), inner));
                } else {
                    inner.set(parameter.name(), new Undefined("parameter '" + parameter.name() + "' was not provided"));
                }
            }
            arguments.done();
            return captured(definition.body(), inner);
        }
    }
}
