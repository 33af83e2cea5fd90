package dev.prompttuning.transformers.generation;

import java.util.List;
import java.util.Set;

/**
 * When to stop.
 *
 * @param maxNewTokens the most tokens to produce, the stop token included
 * @param minNewTokens no stop token is chosen before this many tokens
 * @param tokenIds tokens that end the generation; the token itself is part of the ids but not of the text
 * @param strings texts that end the generation; the text ends before the first of them
 */
public record Stopping(int maxNewTokens, int minNewTokens, Set<Integer> tokenIds, List<String> strings) {

    public Stopping {
        Range.check("max_new_tokens", maxNewTokens, 1, Integer.MAX_VALUE);
        Range.check("min_new_tokens", minNewTokens, 0, maxNewTokens);
        tokenIds = Set.copyOf(tokenIds);
        strings = List.copyOf(strings);
        if (strings.contains("")) {
            throw new IllegalArgumentException("stop holds an empty string; leave it out");
        }
    }

    public static Stopping after(int maxNewTokens, Integer... tokenIds) {
        return new Stopping(maxNewTokens, 0, Set.of(tokenIds), List.of());
    }
}
