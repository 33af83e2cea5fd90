package dev.prompttuning.training.objective;

import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.seq2seq.Seq2SeqBatch;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.training.batch.Seq2SeqBatches;
import dev.prompttuning.training.data.Seq2SeqRow;
import java.util.Arrays;
import java.util.List;

/** The next token of each answer, which the decoder writes. */
public record Seq2SeqObjective(Seq2SeqTuning tuning, Seq2SeqBatches batches, List<Seq2SeqRow> rows)
        implements Objective {

    public Seq2SeqObjective {
        rows = List.copyOf(rows);
    }

    @Override
    public int[] rowLengths() {
        return rows.stream().mapToInt(Seq2SeqRow::length).toArray();
    }

    @Override
    public List<Pass> passes(int[] batch) {
        return List.of(new BatchPass(
                tuning, batches.of(Arrays.stream(batch).mapToObj(rows::get).toList())));
    }

    private record BatchPass(Seq2SeqTuning tuning, Seq2SeqBatch batch) implements Pass {
        @Override
        public int labels() {
            return batch.labelledTokens();
        }

        @Override
        public Loss train(double scale) {
            return tuning.train(batch, scale);
        }
    }
}
