package dev.prompttuning.serving.engine;

/** The tokenizer as the engine sees it. Used by several threads. */
public interface TextCodec {

    long[] encode(String text, boolean addSpecialTokens);

    /** For one answer. */
    Decoder decoder();

    /** Turns tokens into text as they come. */
    interface Decoder {

        /** Adds a token and returns the text that became certain. */
        String add(long token);

        /** The rest. */
        String finish();
    }
}
