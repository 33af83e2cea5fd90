package dev.prompttuning.transformers.generation;

/** Turns tokens into text one by one; a token may complete no character, or several. */
public interface TextDecoder {

    /** The text that became certain with this token, perhaps empty. */
    String add(long token);

    /** What was held back, when no more tokens come. */
    String flush();
}
