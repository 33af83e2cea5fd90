package dev.prompttuning.training.batch;

import dev.prompttuning.training.data.EncodedRow;
import java.util.Arrays;
import java.util.List;

/** The rows of each optimizer step: so many batches of an epoch at a time, the last step of an epoch what is left. */
public final class StepBatches {

    private final List<EncodedRow> rows;
    private final BatchOrder order;
    private final int batchesPerStep;
    private int loadedEpoch = -1;
    private List<int[]> epochBatches = List.of();

    /** @param batchesPerStep gradient accumulation steps */
    public StepBatches(List<EncodedRow> rows, int batchSize, int batchesPerStep, boolean shuffle, long seed) {
        this.rows = rows;
        this.order = new BatchOrder(rows.stream().mapToInt(EncodedRow::length).toArray(), batchSize, shuffle, seed);
        this.batchesPerStep = batchesPerStep;
    }

    public int stepsPerEpoch() {
        return (order.batchesPerEpoch() + batchesPerStep - 1) / batchesPerStep;
    }

    /** @param step from 0, through all epochs */
    public int epochOf(int step) {
        return step / stepsPerEpoch();
    }

    /** @param step from 0, through all epochs */
    public List<List<EncodedRow>> step(int step) {
        int epoch = epochOf(step);
        if (epoch != loadedEpoch) {
            epochBatches = order.epoch(epoch);
            loadedEpoch = epoch;
        }
        int from = step % stepsPerEpoch() * batchesPerStep;
        return epochBatches.subList(from, Math.min(epochBatches.size(), from + batchesPerStep)).stream()
                .map(batch -> Arrays.stream(batch).mapToObj(rows::get).toList())
                .toList();
    }
}
