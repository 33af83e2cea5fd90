package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import java.nio.FloatBuffer;

/**
 * Attention with linear biases (Press et al. 2022): each head adds its slope times the key's position.
 *
 * @param slopes one a head
 */
public record Alibi(float[] slopes) implements PositionBias {

    public static Alibi ofHeads(int numHeads) {
        int powerOfTwo = Integer.highestOneBit(numHeads);
        float[] slopes = new float[numHeads];
        for (int head = 0; head < numHeads; head++) {
            slopes[head] = head < powerOfTwo
                    ? (float) Math.pow(2, -8.0 / powerOfTwo * (head + 1))
                    : (float) Math.pow(2, -4.0 / powerOfTwo * (2 * (head - powerOfTwo) + 1));
        }
        return new Alibi(slopes);
    }

    /** {@code [lanes, heads, 1, pastLength + length]}. */
    @Override
    public NDArray biases(NDManager manager, TokenLayout layout, int pastLength) {
        int keys = pastLength + layout.length();
        FloatBuffer biases = FloatBuffer.allocate(layout.lanes() * slopes.length * keys);
        for (int[] positions : layout.positions()) {
            for (float slope : slopes) {
                for (int key = 0; key < keys; key++) {
                    biases.put(slope * (key < pastLength ? key : positions[key - pastLength]));
                }
            }
        }
        return NativeArrays.of(manager, biases.flip(), new Shape(layout.lanes(), slopes.length, 1, keys));
    }
}
