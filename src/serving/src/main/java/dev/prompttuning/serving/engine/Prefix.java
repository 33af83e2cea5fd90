package dev.prompttuning.serving.engine;

/** What an adapter puts in front of every sequence: keys and values made once. */
public interface Prefix extends AutoCloseable {

    /** Nothing: the bare base model. */
    Prefix NONE = new Prefix() {
        @Override
        public int length() {
            return 0;
        }

        @Override
        public void close() {}
    };

    /** Number of virtual tokens. */
    int length();

    /** Number of tokens that were run through the model to make it. */
    default int tokensRun() {
        return 0;
    }

    @Override
    void close();
}
