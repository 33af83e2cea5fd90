package dev.prompttuning.peft.causal;

import dev.prompttuning.transformers.model.TokenLayout;

/**
 * A batch laid out in lanes.
 *
 * @param tokenIds {@code [lanes][length]}
 * @param layout positions start behind the virtual tokens, of which there is none in here
 * @param targets the token that each token is to predict, or {@link #IGNORED}, {@code [lanes][length]}
 * @param task that all rows are of; 0 where there is but one
 */
public record Lanes(long[][] tokenIds, TokenLayout layout, long[][] targets, int task) {

    /** No loss is taken here. */
    public static final long IGNORED = -100;

    /** Lanes of the only task. */
    public Lanes(long[][] tokenIds, TokenLayout layout, long[][] targets) {
        this(tokenIds, layout, targets, 0);
    }

    /** The same rows as another task's. */
    public Lanes ofTask(int other) {
        return new Lanes(tokenIds, layout, targets, other);
    }

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
