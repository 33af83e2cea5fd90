package dev.prompttuning.training.data;

import dev.prompttuning.peft.task.TaskBatch;
import java.util.Arrays;

/**
 * A row of a model with a head, as token ids.
 *
 * @param types token types, which tell a pair's texts apart
 * @param labels the text's; or one for each token, {@link TaskBatch#IGNORED} where there is none; or the first and the last token of
 *     the answer
 */
public record TaskRow(int[] tokenIds, int[] types, long[] labels, EncodedRow.Cut cut) implements Row {

    @Override
    public int length() {
        return tokenIds.length;
    }

    @Override
    public boolean isLabelled() {
        return Arrays.stream(labels).anyMatch(label -> label != TaskBatch.IGNORED);
    }
}
