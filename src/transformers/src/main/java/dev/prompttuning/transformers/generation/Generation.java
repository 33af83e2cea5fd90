package dev.prompttuning.transformers.generation;

import java.util.List;

/**
 * What was generated.
 *
 * @param tokens the new ids, a stop token included
 * @param text the text without stop token and stop string; empty when no decoder was given
 * @param scores log probabilities of the tokens when asked for, otherwise empty
 * @param score the length-normalised score in beam search, otherwise 0
 */
public record Generation(
        long[] tokens, String text, FinishReason finishReason, List<ScoredToken> scores, double score) {}
