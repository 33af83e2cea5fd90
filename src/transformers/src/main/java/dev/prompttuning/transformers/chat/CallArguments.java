package dev.prompttuning.transformers.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The evaluated arguments of a call; a callee reads all it knows, and {@link #done} refuses the rest. */
final class CallArguments {

    private final List<Object> positional;
    private final Map<String, Object> named;
    private int read;

    CallArguments(List<Object> positional, Map<String, Object> named) {
        this.positional = positional;
        this.named = new LinkedHashMap<>(named);
    }

    boolean has(String name) {
        return read < positional.size() || named.containsKey(name);
    }

    Object next(String name, Object otherwise) {
        if (read < positional.size()) {
            if (named.containsKey(name)) {
                throw TemplateException.of("the argument '" + name + "' is given twice");
            }
            return positional.get(read++);
        }
        return named.containsKey(name) ? named.remove(name) : otherwise;
    }

    Object required(String name) {
        if (!has(name)) {
            throw TemplateException.of("the argument '" + name + "' is missing");
        }
        return next(name, null);
    }

    String text(String name) {
        return Values.text(required(name));
    }

    boolean flag(String name, boolean otherwise) {
        return Values.isTrue(next(name, otherwise));
    }

    int integer(String name, int otherwise) {
        return (int)
                Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Values.integer(next(name, (long) otherwise))));
    }

    Map<String, Object> allNamed() {
        Map<String, Object> all = new LinkedHashMap<>(named);
        named.clear();
        return all;
    }

    boolean hasNamed(String name) {
        return named.containsKey(name);
    }

    Object named(String name) {
        return named.remove(name);
    }

    List<Object> rest() {
        List<Object> rest = positional.subList(read, positional.size());
        read = positional.size();
        return rest;
    }

    void done() {
        if (read < positional.size()) {
            throw TemplateException.of("too many arguments (" + positional.size() + ")");
        }
        if (!named.isEmpty()) {
            throw TemplateException.of(
                    "unknown argument '" + named.keySet().iterator().next() + "'");
        }
    }
}
