package dev.prompttuning.serving.engine;

import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * How the answers of one request are made.
 *
 * @param maxTokens tokens of each answer at most
 * @param minTokens tokens before which no end token is chosen
 * @param endTokens end an answer and are not part of it
 * @param stop texts that end an answer and are not part of it
 * @param choosers a fresh chooser for each answer, by its index
 */
public record AnswerPlan(
        int maxTokens, int minTokens, Set<Long> endTokens, List<String> stop, IntFunction<TokenChooser> choosers) {

    public AnswerPlan {
        endTokens = Set.copyOf(endTokens);
        stop = List.copyOf(stop);
    }
}
