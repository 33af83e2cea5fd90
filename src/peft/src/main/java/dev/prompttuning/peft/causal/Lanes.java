package dev.prompttuning.peft.causal;

import dev.prompttuning.transformers.model.TokenLayout;

/**
 * A batch laid out in lanes.
 *
 * @param tokenIds {@code [lanes][length]}
 * @param layout positions start behind the virtual tokens, of which there is none in here
 * @param targets the token that each token is to predict, or {@link #IGNORED}, {@code [lanes][length]}
 */
public record Lanes(long[][] tokenIds, TokenLayout layout, long[][] targets) {

    /** No loss is taken here. */
    public static final long IGNORED = -100;

    /** Number of tokens a loss is taken of. */
    public int labelledTokens() {
        int count = 0;
        for (long[] lane : targets) {
            for (long target : lane) {
                if (target != IGNORED) {
                    count++;
                }
            }
        }
        return count;
    }
}
