package dev.prompttuning.serving.engine;

/** The base model as the engine sees it. Used by the engine's thread alone. */
public interface LanguageModel extends AutoCloseable {

    /** Tokens that a sequence may have, virtual ones included. */
    int contextLength();

    /** A sequence that starts behind a prefix, which must outlive it. */
    Sequence begin(Prefix prefix);

    @Override
    void close();

    /** One sequence that is being continued; owns its keys and values. */
    interface Sequence extends AutoCloseable {

        /** Runs tokens through the model and returns the scores of the token after them, {@code [vocab]}. */
        float[] feed(long[] tokens);

        @Override
        void close();
    }
}
