package dev.prompttuning.transformers.chat;

import java.util.List;

/**
 * A rendered conversation.
 *
 * @param assistantSpans what the template's {@code {% generation %}} blocks wrote, in order; empty when it has none
 */
public record Rendering(String text, List<Span> assistantSpans) {

    /** Offsets in the text (UTF-16 units), {@code end} exclusive. */
    public record Span(int start, int end) {}
}
