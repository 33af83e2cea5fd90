package dev.prompttuning.training.batch;

import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.seq2seq.Seq2SeqBatch;
import dev.prompttuning.training.data.Seq2SeqRow;
import java.util.Arrays;
import java.util.List;

/**
 * Pads texts and answers to the length of the longest.
 *
 * @param padding token id that texts are padded with
 */
public record Seq2SeqBatches(long padding) {

    public Seq2SeqBatch of(List<Seq2SeqRow> rows) {
        return new Seq2SeqBatch(
                padded(rows.stream().map(Seq2SeqRow::sourceIds).toList(), padding),
                rows.stream().mapToInt(row -> row.sourceIds().length).toArray(),
                padded(rows.stream().map(Seq2SeqRow::targetIds).toList(), Lanes.IGNORED));
    }

    private static long[][] padded(List<int[]> rows, long with) {
        int length = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        long[][] padded = new long[rows.size()][length];
        for (int i = 0; i < padded.length; i++) {
            Arrays.fill(padded[i], with);
            for (int token = 0; token < rows.get(i).length; token++) {
                padded[i][token] = rows.get(i)[token];
            }
        }
        return padded;
    }
}
