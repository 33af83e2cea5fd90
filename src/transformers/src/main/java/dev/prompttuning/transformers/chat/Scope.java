package dev.prompttuning.transformers.chat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names: what a loop or macro sets ends with it, what surrounds it can be read. */
final class Scope {

    private final Run run;
    private final Scope outer;
    private final Map<String, Object> names = new HashMap<>();

    private Scope(Run run, Scope outer) {
        this.run = run;
        this.outer = outer;
    }

    Scope(Run run) {
        this(run, null);
    }

    Scope inner() {
        return new Scope(run, this);
    }

    Run run() {
        return run;
    }

    void set(String name, Object value) {
        names.put(name, value);
    }

    /** Gives a value to a name, or the parts of a value to several. */
    void set(List<String> targets, Object value) {
        if (targets.size() == 1) {
            set(targets.get(0), value);
            return;
        }
        List<?> parts = Values.items(value);
        if (parts.size() != targets.size()) {
            throw TemplateException.of("cannot share " + parts.size() + " values among " + targets.size() + " names");
        }
        for (int i = 0; i < parts.size(); i++) {
            set(targets.get(i), parts.get(i));
        }
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.names.get(name);
            if (value != null || scope.names.containsKey(name)) {
                return value;
            }
        }
        return new Undefined("'" + name + "' is undefined");
    }
}
