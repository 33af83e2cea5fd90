package dev.prompttuning.serving.engine;

/** Chooses the next token of one answer. */
@FunctionalInterface
public interface TokenChooser {

    /**
     * @param scores {@code [vocab]}; may be changed
     * @param tokens the prompt and the answer so far
     */
    long choose(float[] scores, long[] tokens);
}
