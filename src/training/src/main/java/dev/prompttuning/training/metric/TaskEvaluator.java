package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.training.batch.TaskBatches;
import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Evaluates a model with a head: its loss, how much is right, and what its labels, tags or answers are measured by. */
public final class TaskEvaluator implements Evaluator {

    private final TaskTuning tuning;
    private final TaskBatches batches;
    private final List<TaskRow> rows;
    private final Supplier<HeadScores> measures;
    private final int batchSize;

    private TaskEvaluator(
            TaskTuning tuning, TaskBatches batches, List<TaskRow> rows, Supplier<HeadScores> measures, int batchSize) {
        this.tuning = tuning;
        this.batches = batches;
        this.rows = rows;
        this.measures = measures;
        this.batchSize = batchSize;
    }

    /** @param labels names of the labels in the order of their numbers; not used of models that find answers */
    public static TaskEvaluator of(
            TaskTuning tuning,
            TaskBatches batches,
            List<TaskRow> rows,
            List<String> labels,
            Tokenizer tokenizer,
            int batchSize) {
        Supplier<HeadScores> measures =
                switch (tuning.model().head().task()) {
                    case SEQ_CLS -> () -> new LabelScores(labels, false);
                    case TOKEN_CLS -> () -> new LabelScores(labels, true);
                    case QUESTION_ANS -> () -> new SpanScores(tokenizer, rows);
                };
        return new TaskEvaluator(tuning, batches, rows, measures, batchSize);
    }

    @Override
    public EvaluationResult evaluate() {
        // Rows of like length go together; what is said of them is in their own order.
        int[] order = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingInt(row -> rows.get(row).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        HeadScores scores = measures.get();
        Prediction[] predictions = new Prediction[rows.size()];
        Loss total = new Loss(0, 0, 0);
        int matches = 0;
        for (int from = 0; from < order.length; from += batchSize) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
            TaskBatch batch = batches.of(Arrays.stream(some).mapToObj(rows::get).toList());
            TaskTuning.Scored scored = tuning.scored(batch);
            for (int i = 0; i < some.length; i++) {
                predictions[some[i]] = scores.add(rows.get(some[i]), scored.scores()[i]);
            }
            matches += scored.loss().exactRows();
            total = total.plus(scored.loss().loss());
        }
        return EvaluationResult.ofLabels(total, rows.size(), (double) matches / rows.size())
                .with(scores.metrics(), scores.confusion(), List.of(predictions));
    }
}
