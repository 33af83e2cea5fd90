package dev.prompttuning.training.metric;

import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.training.batch.Seq2SeqBatches;
import dev.prompttuning.training.data.Seq2SeqRow;
import java.util.Comparator;
import java.util.List;

/** Evaluates a model with an encoder and a decoder on given answers; exact matches are read from the loss's pass, as {@link CausalEvaluator} does. */
public final class Seq2SeqEvaluator implements Evaluator {

    private final Seq2SeqTuning tuning;
    private final Seq2SeqBatches batches;
    private final List<Seq2SeqRow> rows;
    private final int batchSize;

    public Seq2SeqEvaluator(Seq2SeqTuning tuning, Seq2SeqBatches batches, List<Seq2SeqRow> rows, int batchSize) {
        this.tuning = tuning;
        this.batches = batches;
        this.rows = rows.stream()
                .sorted(Comparator.comparingInt(Seq2SeqRow::length))
                .toList();
        this.batchSize = batchSize;
    }

    @Override
    public EvaluationResult evaluate() {
        AnswerTally tally = new AnswerTally();
        for (int from = 0; from < rows.size(); from += batchSize) {
            tally.add(tuning.evaluate(batches.of(rows.subList(from, Math.min(rows.size(), from + batchSize)))));
        }
        return tally.result(rows.size());
    }
}
