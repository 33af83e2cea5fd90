package dev.prompttuning.serving.engine;

import dev.prompttuning.transformers.generation.DecodeSession;

/** The base model as the engine sees it. Used by the engine's thread alone. */
public interface LanguageModel extends AutoCloseable {

    /** A sequence that starts behind a prefix, which must outlive it; one row. */
    DecodeSession begin(Prefix prefix);

    @Override
    void close();
}
