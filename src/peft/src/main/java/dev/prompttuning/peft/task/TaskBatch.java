package dev.prompttuning.peft.task;

/**
 * Rows of a task, padded on the right.
 *
 * @param tokenIds {@code [rows][length]}
 * @param lengths real tokens of each row
 * @param types token types, {@code [rows][length]}; null where all are 0
 * @param labels by row: one for the text; one for each token, {@code length} in all; or the first and the last token of the answer.
 *     {@link #IGNORED} where there is nothing to learn
 */
public record TaskBatch(long[][] tokenIds, int[] lengths, int[][] types, long[][] labels) {

    /** No loss is taken here. */
    public static final long IGNORED = -100;

    public int rows() {
        return tokenIds.length;
    }

    /** Of the padded rows. */
    public int length() {
        return tokenIds[0].length;
    }

    /** Number of labels a loss is taken of. */
    public int labelCount() {
        int count = 0;
        for (long[] row : labels) {
            for (long label : row) {
                if (label != IGNORED) {
                    count++;
                }
            }
        }
        return count;
    }
}
