package dev.prompttuning.serving.engine;

import dev.prompttuning.transformers.generation.TextDecoder;

/** The tokenizer as the engine sees it. Used by several threads. */
public interface TextCodec {

    long[] encode(String text, boolean addSpecialTokens);

    /** For one answer. */
    TextDecoder decoder();
}
