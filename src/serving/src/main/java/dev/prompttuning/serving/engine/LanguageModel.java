package dev.prompttuning.serving.engine;

/** The base model as the engine sees it. Used by the engine's thread alone. */
public interface LanguageModel extends AutoCloseable {

    /**
     * An answer to a prompt, which starts behind a prefix; one row.
     *
     * @param prefix must outlive the answer
     * @param prompt token ids, one at least
     */
    Opening begin(Prefix prefix, long[] prompt);

    @Override
    void close();
}
