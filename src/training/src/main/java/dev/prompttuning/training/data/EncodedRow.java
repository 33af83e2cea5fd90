package dev.prompttuning.training.data;

import java.util.Arrays;
import java.util.List;

/**
 * A row as token ids.
 *
 * @param tokenIds prompt, answer and, unless the answer was cut, the end token
 * @param answerStart where the answer starts
 * @param learned the tokens that are learned, in order; the row's very first token never is, as nothing stands before it
 * @param cut what had to be left out
 * @param task number of the row's task; 0 where there is but one
 */
public record EncodedRow(int[] tokenIds, int answerStart, List<Span> learned, Cut cut, int task) implements Row {

    public EncodedRow {
        learned = List.copyOf(learned);
    }

    /** A row of the only task, learned from {@code labelStart} to its end. */
    public EncodedRow(int[] tokenIds, int answerStart, int labelStart, Cut cut) {
        this(tokenIds, answerStart, labelStart, cut, 0);
    }

    /** A row that is learned from {@code labelStart} to its end. */
    public EncodedRow(int[] tokenIds, int answerStart, int labelStart, Cut cut, int task) {
        this(tokenIds, answerStart, List.of(new Span(labelStart, tokenIds.length)), cut, task);
    }

    /** Tokens of a row, {@code end} exclusive. */
    public record Span(int start, int end) {
        public int length() {
            return end - start;
        }
    }

    /** The same row as another task's. */
    public EncodedRow ofTask(int other) {
        return new EncodedRow(tokenIds, answerStart, learned, cut, other);
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
        return learned.stream()
                .mapToInt(span -> Math.max(0, span.end() - Math.max(1, span.start())))
                .sum();
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
