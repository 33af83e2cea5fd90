package dev.prompttuning.training.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    private static final int[] LENGTHS = new Random(7).ints(1003, 10, 200).toArray();

    @Test
    void everyRowOnceInEachEpoch() {
        BatchOrder order = new BatchOrder(LENGTHS, 8, true, 1);
        for (int epoch = 0; epoch < 2; epoch++) {
            int[] rows = order.epoch(epoch).stream()
                    .flatMapToInt(Arrays::stream)
                    .sorted()
                    .toArray();
            assertArrayEquals(IntStream.range(0, LENGTHS.length).toArray(), rows);
        }
        assertEquals(126, order.batchesPerEpoch());
    }

    @Test
    void batchesHoldRowsOfLikeLength() {
        assertTrue(padding(new BatchOrder(LENGTHS, 8, true, 1)) * 5 < padding(new BatchOrder(LENGTHS, 8, false, 1)));
    }

    private static int padding(BatchOrder order) {
        int padding = 0;
        for (int[] batch : order.epoch(0)) {
            int longest = Arrays.stream(batch).map(row -> LENGTHS[row]).max().orElseThrow();
            padding += Arrays.stream(batch).map(row -> longest - LENGTHS[row]).sum();
        }
        return padding;
    }

    @Test
    void epochsDifferAndRepeatWithTheirSeed() {
        BatchOrder order = new BatchOrder(LENGTHS, 8, true, 1);
        assertTrue(Arrays.deepEquals(
                order.epoch(3).toArray(),
                new BatchOrder(LENGTHS, 8, true, 1).epoch(3).toArray()));
        assertFalse(Arrays.deepEquals(order.epoch(3).toArray(), order.epoch(4).toArray()));
        assertFalse(Arrays.deepEquals(
                order.epoch(3).toArray(),
                new BatchOrder(LENGTHS, 8, true, 2).epoch(3).toArray()));
    }

    @Test
    void stepsAreTakenInOrderAndWrapAround() {
        StepBatches batches = new StepBatches(new int[] {2, 2, 2, 2, 2}, 1, 2, false, 1);
        assertEquals(3, batches.stepsPerEpoch());
        assertArrayEquals(new int[][] {{2}, {3}}, batches.step(1).toArray());
        assertArrayEquals(new int[][] {{4}}, batches.step(2).toArray());
        assertArrayEquals(new int[][] {{0}, {1}}, batches.step(3).toArray());
        assertEquals(1, batches.epochOf(3));
    }
}
