package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.store.Rows;
import java.util.List;

/**
 * Evaluates a language model.
 *
 * <p>Greedy decoding writes exactly the answer if, and only if, each of the answer's tokens has the highest score behind the
 * right ones before it. So exact matches are read from the same pass as the loss, and nothing has to be generated.
 */
public final class CausalEvaluator implements Evaluator {

    private final CausalTuning tuning;
    private final LanePlanner planner;
    private final List<EncodedRow> rows;
    private final int batchSize;

    public CausalEvaluator(CausalTuning tuning, LanePlanner planner, List<EncodedRow> rows, int batchSize) {
        this.tuning = tuning;
        this.planner = planner;
        this.rows = Rows.sorted(rows, row -> ((long) row.task() << Integer.SIZE) + row.length());
        this.batchSize = batchSize;
    }

    @Override
    public EvaluationResult evaluate() {
        AnswerTally tally = new AnswerTally();
        for (int from = 0; from < rows.size(); from += batchSize) {
            for (Lanes plan : planner.plans(rows.subList(from, Math.min(rows.size(), from + batchSize)))) {
                tally.add(tuning.evaluate(plan));
            }
        }
        return tally.result(rows.size());
    }
}
