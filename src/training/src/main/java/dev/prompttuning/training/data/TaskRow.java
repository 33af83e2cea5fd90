package dev.prompttuning.training.data;

import dev.prompttuning.peft.task.TaskBatch;
import java.util.Arrays;
import java.util.Optional;

/**
 * A row of a model with a head, as token ids.
 *
 * @param types token types, which tell a pair's texts apart
 * @param labels the text's; or one for each token, {@link TaskBatch#IGNORED} where there is none; or the first and the last token of
 *     the answer
 * @param text what it was read from; empty where it is only trained on
 */
public record TaskRow(int[] tokenIds, int[] types, long[] labels, EncodedRow.Cut cut, Optional<TaskText> text)
        implements Row {

    @Override
    public int length() {
        return tokenIds.length;
    }

    @Override
    public boolean isLabelled() {
        return Arrays.stream(labels).anyMatch(label -> label != TaskBatch.IGNORED);
    }

    /** What it was read from, if that is of this kind. */
    public <T extends TaskText> Optional<T> text(Class<T> kind) {
        return text.filter(kind::isInstance).map(kind::cast);
    }

    /** The same row without the text, which takes as much memory as its tokens. */
    public TaskRow withoutText() {
        return new TaskRow(tokenIds, types, labels, cut, Optional.empty());
    }
}
