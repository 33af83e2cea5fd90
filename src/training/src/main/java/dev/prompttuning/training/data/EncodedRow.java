package dev.prompttuning.training.data;

import java.util.Arrays;

/**
 * A row as token ids.
 *
 * @param tokenIds prompt, answer and, unless the answer was cut, the end token
 * @param answerStart where the answer starts
 * @param labelStart the first token that is learned; the row's very first token never is, as nothing stands before it
 * @param cut what had to be left out
 * @param task number of the row's task; 0 where there is but one
 */
public record EncodedRow(int[] tokenIds, int answerStart, int labelStart, Cut cut, int task) implements Row {

    /** A row of the only task. */
    public EncodedRow(int[] tokenIds, int answerStart, int labelStart, Cut cut) {
        this(tokenIds, answerStart, labelStart, cut, 0);
    }

    /** The same row as another task's. */
    public EncodedRow ofTask(int other) {
        return new EncodedRow(tokenIds, answerStart, labelStart, cut, other);
    }

    /** What did not fit. */
    public enum Cut {
        NOTHING,
        PROMPT,
        ANSWER,
        /** The end of a text that is labelled. */
        TEXT
    }

    @Override
    public int length() {
        return tokenIds.length;
    }

    /** Number of tokens a loss is taken of. */
    public int labelledTokens() {
        return Math.max(0, tokenIds.length - Math.max(1, labelStart));
    }

    @Override
    public boolean isLabelled() {
        return labelledTokens() > 0;
    }

    /** The prompt alone. */
    public long[] promptIds() {
        return Arrays.stream(tokenIds, 0, answerStart).asLongStream().toArray();
    }

    /** The answer, with the end token if the row has it. */
    public long[] answerIds() {
        return Arrays.stream(tokenIds, answerStart, tokenIds.length)
                .asLongStream()
                .toArray();
    }
}
