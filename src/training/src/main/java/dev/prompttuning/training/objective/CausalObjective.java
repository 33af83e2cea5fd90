package dev.prompttuning.training.objective;

import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.store.Rows;
import java.util.Arrays;
import java.util.List;

/** The next token, of all labelled tokens. */
public record CausalObjective(CausalTuning tuning, LanePlanner planner, List<EncodedRow> rows) implements Objective {

    public CausalObjective {
        rows = Rows.copyOf(rows);
    }

    @Override
    public int[] rowLengths() {
        return rows.stream().mapToInt(EncodedRow::length).toArray();
    }

    @Override
    public boolean hasHalfGradients() {
        return tuning.model().hasHalfGradients();
    }

    @Override
    public List<Pass> passes(int[] batch) {
        return planner.plans(Arrays.stream(batch).mapToObj(rows::get).toList()).stream()
                .<Pass>map(lanes -> new LanesPass(tuning, lanes))
                .toList();
    }

    private record LanesPass(CausalTuning tuning, Lanes lanes) implements Pass {
        @Override
        public int labels() {
            return lanes.labelledTokens();
        }

        @Override
        public Loss train(double scale) {
            return tuning.train(lanes, scale);
        }
    }
}
