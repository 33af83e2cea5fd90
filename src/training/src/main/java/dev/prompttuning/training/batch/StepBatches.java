package dev.prompttuning.training.batch;

import java.util.List;

/** The rows of each optimizer step: so many batches of an epoch at a time, the last step of an epoch what is left. */
public final class StepBatches {

    private final BatchOrder order;
    private final int batchesPerStep;
    private int loadedEpoch = -1;
    private List<int[]> epochBatches = List.of();

    /**
     * @param rowLengths tokens of each row
     * @param batchesPerStep gradient accumulation steps
     */
    public StepBatches(int[] rowLengths, int batchSize, int batchesPerStep, boolean shuffle, long seed) {
        this.order = new BatchOrder(rowLengths, batchSize, shuffle, seed);
        this.batchesPerStep = batchesPerStep;
    }

    public int stepsPerEpoch() {
        return (order.batchesPerEpoch() + batchesPerStep - 1) / batchesPerStep;
    }

    /** @param step from 0, through all epochs */
    public int epochOf(int step) {
        return step / stepsPerEpoch();
    }

    /**
     * The batches of a step, each the numbers of its rows.
     *
     * @param step from 0, through all epochs
     */
    public List<int[]> step(int step) {
        int epoch = epochOf(step);
        if (epoch != loadedEpoch) {
            epochBatches = order.epoch(epoch);
            loadedEpoch = epoch;
        }
        int from = step % stepsPerEpoch() * batchesPerStep;
        return List.copyOf(epochBatches.subList(from, Math.min(epochBatches.size(), from + batchesPerStep)));
    }
}
