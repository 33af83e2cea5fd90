package dev.prompttuning.transformers.chat;

import java.util.HashMap;
import java.util.Map;

/** {@code namespace(…)}: the one thing whose attributes a template may set. */
final class Namespace {

    private final Map<String, Object> attributes = new HashMap<>();

    Namespace(Map<String, Object> initial) {
        attributes.putAll(initial);
    }

    Map<String, Object> attributes() {
        return attributes;
    }
}
