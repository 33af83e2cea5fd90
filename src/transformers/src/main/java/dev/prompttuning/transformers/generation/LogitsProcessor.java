package dev.prompttuning.transformers.generation;

/** Changes the next-token scores of one row in place; negative infinity forbids a token. */
@FunctionalInterface
public interface LogitsProcessor {

    void process(TokenHistory history, float[] scores);
}
