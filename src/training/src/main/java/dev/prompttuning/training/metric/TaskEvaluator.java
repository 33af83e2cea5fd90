package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.causal.RowLoss;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.training.batch.TaskBatches;
import dev.prompttuning.training.data.TaskRow;
import java.util.Comparator;
import java.util.List;

/** Evaluates a model with a head: its loss, the share of labels that it gets right, and of rows that it gets wholly right. */
public final class TaskEvaluator implements Evaluator {

    private final TaskTuning tuning;
    private final TaskBatches batches;
    private final List<TaskRow> rows;
    private final int batchSize;

    public TaskEvaluator(TaskTuning tuning, TaskBatches batches, List<TaskRow> rows, int batchSize) {
        this.tuning = tuning;
        this.batches = batches;
        this.rows =
                rows.stream().sorted(Comparator.comparingInt(TaskRow::length)).toList();
        this.batchSize = batchSize;
    }

    @Override
    public EvaluationResult evaluate(boolean exactMatch) {
        Loss total = new Loss(0, 0, 0);
        int matches = 0;
        for (int from = 0; from < rows.size(); from += batchSize) {
            RowLoss batch = tuning.evaluate(batches.of(rows.subList(from, Math.min(rows.size(), from + batchSize))));
            matches += batch.exactRows();
            total = total.plus(batch.loss());
        }
        return EvaluationResult.ofLabels(total, rows.size(), (double) matches / rows.size());
    }
}
