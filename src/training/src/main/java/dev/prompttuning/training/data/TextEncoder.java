package dev.prompttuning.training.data;

/** Text to token ids; a tokenizer's {@code encode} is one. */
@FunctionalInterface
public interface TextEncoder {

    /** @param addSpecialTokens whether to add what the tokenizer puts around a text */
    long[] encode(String text, boolean addSpecialTokens);
}
