package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.chat.Statement.Flow;
import java.util.List;

/** The {@code loop} of a for block. */
final class Loop {

    private static final Object NOTHING_YET = new Object();

    private final List<?> items;
    private final int index;
    private final Object[] lastChanged;

    private Loop(List<?> items, int index, Object[] lastChanged) {
        this.items = items;
        this.index = index;
        this.lastChanged = lastChanged;
    }

    /** Runs a body once for each item, or another where there is none. */
    static Flow run(List<String> names, List<?> items, Statement body, Statement otherwise, Scope scope) {
        Object[] lastChanged = {NOTHING_YET};
        for (int i = 0; i < items.size(); i++) {
            scope.run().budget().step();
            Scope inner = scope.inner();
            inner.set("loop", new Loop(items, i, lastChanged));
            inner.set(names, items.get(i));
            if (body.run(inner) == Flow.BREAK) {
                break;
            }
        }
        return items.isEmpty() ? otherwise.run(scope.inner()) : Flow.NEXT;
    }

    Object attribute(String name, Budget budget) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "previtem" -> index == 0 ? new Undefined("there is no previous item") : items.get(index - 1);
            case "nextitem" ->
                index == items.size() - 1 ? new Undefined("there is no next item") : items.get(index + 1);
            case "cycle" -> (Function) this::cycle;
            case "changed" -> (Function) arguments -> changed(arguments, budget);
            default -> throw TemplateException.of("loop." + name + " is not supported");
        };
    }

    private Object cycle(CallArguments arguments) {
        List<Object> choices = arguments.rest();
        arguments.done();
        if (choices.isEmpty()) {
            throw TemplateException.of("loop.cycle needs something to choose from");
        }
        return choices.get(index % choices.size());
    }

    private Object changed(CallArguments arguments, Budget budget) {
        Sequence value = Sequence.tuple(arguments.rest().toArray());
        arguments.done();
        boolean changed = lastChanged[0] == NOTHING_YET || !Values.equal(value, lastChanged[0], budget);
        lastChanged[0] = value;
        return changed;
    }
}
