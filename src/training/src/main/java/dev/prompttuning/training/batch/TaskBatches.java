package dev.prompttuning.training.batch;

import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.training.data.TaskRow;
import java.util.Arrays;
import java.util.List;

/**
 * Pads rows to the length of the longest.
 *
 * @param padding token id that rows are padded with
 * @param perToken whether there is a label for each token
 */
public record TaskBatches(long padding, boolean perToken) {

    public TaskBatch of(List<TaskRow> rows) {
        int length = rows.stream().mapToInt(TaskRow::length).max().orElseThrow();
        long[][] ids = new long[rows.size()][length];
        int[][] types = new int[rows.size()][length];
        int[] lengths = new int[rows.size()];
        long[][] labels = new long[rows.size()][];
        for (int i = 0; i < rows.size(); i++) {
            TaskRow row = rows.get(i);
            Arrays.fill(ids[i], padding);
            for (int token = 0; token < row.length(); token++) {
                ids[i][token] = row.tokenIds()[token];
            }
            System.arraycopy(row.types(), 0, types[i], 0, row.length());
            lengths[i] = row.length();
            labels[i] = perToken ? padded(row.labels(), length) : row.labels();
        }
        return new TaskBatch(ids, lengths, types, labels);
    }

    private static long[] padded(long[] labels, int length) {
        long[] padded = Arrays.copyOf(labels, length);
        Arrays.fill(padded, labels.length, length, TaskBatch.IGNORED);
        return padded;
    }
}
