package dev.prompttuning.transformers.chat;

import dev.prompttuning.transformers.tokenizer.TokenizedText;
import java.util.List;

/**
 * A rendered conversation.
 *
 * @param assistantSpans what the template's {@code {% generation %}} blocks wrote, in order; empty when it has none
 */
public record Rendering(String text, List<Span> assistantSpans) {

    /** Offsets in the text (UTF-16 units), {@code end} exclusive. */
    public record Span(int start, int end) {}

    /**
     * Which tokens of the text hold some of what the assistant says, as transformers'
     * {@code return_assistant_tokens_mask} has them.
     */
    public boolean[] assistantTokens(TokenizedText tokens) {
        boolean[] mask = new boolean[tokens.length()];
        for (int i = 0; i < mask.length; i++) {
            int start = tokens.starts()[i];
            int end = Math.max(start + 1, tokens.ends()[i]);
            mask[i] = tokens.texts()[i] != TokenizedText.SPECIAL
                    && assistantSpans.stream().anyMatch(span -> start < span.end() && end > span.start());
        }
        return mask;
    }
}
