package dev.prompttuning.transformers.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.PositionBias;
import dev.prompttuning.transformers.model.TokenLayout;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * T5's relative positions: each head learns a bias for each bucket of distances. Near distances have a bucket each, far ones share
 * buckets that widen logarithmically, and all beyond the last bound share one.
 *
 * @param table {@code [buckets, heads]}, used by all layers of a stack
 * @param buckets number of buckets
 * @param maxDistance from where on the last bucket holds
 * @param bothWays whether half of the buckets are for keys behind the query
 */
record RelativeBias(Embedding table, int buckets, int maxDistance, boolean bothWays) implements PositionBias {

    @Override
    public NDArray biases(NDManager manager, TokenLayout layout, int pastLength) {
        int lanes = Arrays.stream(layout.positions()).allMatch(lane -> Arrays.equals(lane, layout.positions()[0]))
                ? 1
                : layout.lanes();
        int length = layout.length();
        int keys = pastLength + length;
        LongBuffer numbers = LongBuffer.allocate(lanes * length * keys);
        for (int lane = 0; lane < lanes; lane++) {
            int[] positions = layout.positions()[lane];
            for (int query = 0; query < length; query++) {
                for (int key = 0; key < keys; key++) {
                    int position = key < pastLength ? key : positions[key - pastLength];
                    numbers.put(bucket(position - positions[query]));
                }
            }
        }
        NDArray ids = NativeArrays.of(manager, numbers.flip(), new Shape(lanes, length, keys));
        return table.apply(ids).transpose(0, 3, 1, 2);
    }

    @Override
    public boolean isTrained() {
        return table.weight().hasGradient();
    }

    /** @param relative the key's position minus the query's */
    int bucket(int relative) {
        int count = bothWays ? buckets / 2 : buckets;
        int first = bothWays && relative > 0 ? count : 0;
        int distance = bothWays ? Math.abs(relative) : Math.max(0, -relative);
        int near = count / 2;
        if (distance < near) {
            return first + distance;
        }
        // Hugging Face computes in single precision, and so must whoever is to end in the same bucket.
        float share = (float) Math.log(distance / (float) near) / (float) Math.log((double) maxDistance / near);
        return first + Math.min(count - 1, near + (int) (share * (count - near)));
    }
}
