package dev.prompttuning.training.batch;

/**
 * A row of a model with a head, as token ids.
 *
 * @param types token types, which tell a pair's texts apart
 * @param labels the text's; or one for each token, {@link dev.prompttuning.peft.task.TaskBatch#IGNORED} where there is none; or the
 *     first and the last token of the answer
 */
public record TaskRow(int[] tokenIds, int[] types, long[] labels) {

    public int length() {
        return tokenIds.length;
    }
}
