package dev.prompttuning.training.batch;

import dev.prompttuning.training.data.store.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Which rows stand in which batch of which epoch: a pure function of the epoch, so that a restarted run finds its place by number.
 *
 * @param rowLengths tokens of each row
 * @param batchSize rows of a batch; an epoch's last batch may have fewer
 * @param shuffle whether rows are shuffled for every epoch and grouped by length; otherwise they stay in their order
 * @param seed of the shuffle
 */
public record BatchOrder(int[] rowLengths, int batchSize, boolean shuffle, long seed) {

    /** Batches among whose rows like lengths are sought: enough to find them, few enough to keep epochs different. */
    private static final int GROUP = 50;

    public BatchOrder {
        if (rowLengths.length == 0 || batchSize < 1) {
            throw new IllegalArgumentException("A batch needs rows");
        }
    }

    public int batchesPerEpoch() {
        return (rowLengths.length + batchSize - 1) / batchSize;
    }

    /** The epoch's batches, each the indexes of its rows. */
    public List<int[]> epoch(int epoch) {
        List<Integer> order = Rows.numbers(rowLengths.length);
        if (!shuffle) {
            return batches(order);
        }
        Random random = new Random(seed * 1_000_003L + epoch);
        Collections.shuffle(order, random);
        for (int from = 0; from < order.size(); from += GROUP * batchSize) {
            order.subList(from, Math.min(order.size(), from + GROUP * batchSize))
                    .sort(Comparator.comparingInt(row -> rowLengths[row]));
        }
        List<int[]> batches = batches(order);
        Collections.shuffle(batches, random);
        return batches;
    }

    private List<int[]> batches(List<Integer> order) {
        int[] rows = order.stream().mapToInt(Integer::intValue).toArray();
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < rows.length; from += batchSize) {
            batches.add(Arrays.copyOfRange(rows, from, Math.min(rows.length, from + batchSize)));
        }
        return batches;
    }
}
