package dev.prompttuning.training.objective;

import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.training.batch.TaskBatches;
import dev.prompttuning.training.data.TaskRow;
import java.util.Arrays;
import java.util.List;

/** The labels of a head. */
public record TaskObjective(TaskTuning tuning, TaskBatches batches, List<TaskRow> rows) implements Objective {

    public TaskObjective {
        rows = List.copyOf(rows);
    }

    @Override
    public int[] rowLengths() {
        return rows.stream().mapToInt(TaskRow::length).toArray();
    }

    @Override
    public boolean hasHalfGradients() {
        return tuning.model().hasHalfGradients();
    }

    @Override
    public List<Pass> passes(int[] batch) {
        return List.of(new BatchPass(
                tuning, batches.of(Arrays.stream(batch).mapToObj(rows::get).toList())));
    }

    private record BatchPass(TaskTuning tuning, TaskBatch batch) implements Pass {
        @Override
        public int labels() {
            return batch.labelCount();
        }

        @Override
        public Loss train(double scale) {
            return tuning.train(batch, scale);
        }
    }
}
