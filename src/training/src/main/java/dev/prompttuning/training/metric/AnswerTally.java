package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.causal.RowLoss;

/** Adds up, batch by batch, how a model does on given answers. */
final class AnswerTally {

    private Loss total = new Loss(0, 0, 0);
    private int exactRows;

    void add(RowLoss batch) {
        total = total.plus(batch.loss());
        exactRows += batch.exactRows();
    }

    /** @param rows of all batches */
    EvaluationResult result(int rows) {
        return EvaluationResult.ofTokens(total, rows, (double) exactRows / rows);
    }
}
