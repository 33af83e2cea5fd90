package dev.prompttuning.training.job;

import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.data.Row;
import dev.prompttuning.training.data.Seq2SeqRow;
import dev.prompttuning.transformers.memory.ModelMemory;
import java.util.Comparator;
import java.util.List;

/** What the backward pass through an encoder and a decoder needs of one token: a text's tokens pass the one, an answer's the other. */
record Seq2SeqMemory(long ofSource, long ofTarget) {

    static Seq2SeqMemory of(ModelMemory model, boolean recomputed) {
        return new Seq2SeqMemory(
                model.stack("encoder.").activationsPerToken(recomputed),
                model.stack("decoder.").activationsPerToken(recomputed));
    }

    /** Bytes of the largest batch, padded, with the virtual tokens that stand in front of every text. */
    long activations(List<? extends Row> rows, TrainConfig config) {
        List<Seq2SeqRow> largest = rows.stream()
                .map(Seq2SeqRow.class::cast)
                .sorted(Comparator.comparingInt(Seq2SeqRow::length).reversed())
                .limit(config.training().batchSize())
                .toList();
        int source =
                largest.stream().mapToInt(row -> row.sourceIds().length).max().orElse(0);
        int target =
                largest.stream().mapToInt(row -> row.targetIds().length).max().orElse(0);
        long read = source + virtualTokens(config.method());
        return largest.size() * (read * ofSource + target * ofTarget);
    }

    private static long virtualTokens(MethodConfig method) {
        if (method instanceof MethodConfig.PromptTuning prompt) {
            return prompt.numVirtualTokens();
        }
        if (method instanceof MethodConfig.PTuning pTuning) {
            return pTuning.numVirtualTokens();
        }
        return method instanceof MethodConfig.PromptWithLora both ? virtualTokens(both.prompt()) : 0;
    }
}
