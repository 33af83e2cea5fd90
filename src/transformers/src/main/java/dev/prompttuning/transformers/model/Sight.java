package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import java.nio.LongBuffer;
import java.util.OptionalInt;

/**
 * What all layers of one forward pass share: where the tokens stand and what they see.
 *
 * @param positions {@code [lanes, length]}, int64
 * @param types token types of the same shape, int64
 * @param angles null where the family does not rotate
 * @param mask {@code [lanes, heads or 1, length, keys]}, or null where everything is seen
 * @param windowMask the same for layers with a window
 */
public record Sight(NDArray positions, NDArray types, Rotary.Angles angles, NDArray mask, NDArray windowMask) {

    static Sight of(NDManager manager, TokenLayout layout, int pastLength, Positioning positioning) {
        NDArray full = positioning.bothWays()
                ? AttentionMask.bothWays(manager, layout, pastLength)
                : mask(manager, layout, pastLength, OptionalInt.empty());
        if (positioning.bias().isPresent()) {
            NDArray biases = positioning.bias().get().biases(manager, layout, pastLength);
            full = full == null ? biases : full.add(biases);
        }
        return new Sight(
                numbers(manager, layout, layout.positions()),
                numbers(
                        manager,
                        layout,
                        layout.types() == null ? new int[layout.lanes()][layout.length()] : layout.types()),
                positioning
                        .rotary()
                        .map(rotary -> rotary.angles(manager, layout))
                        .orElse(null),
                full,
                positioning.window().isEmpty() ? null : mask(manager, layout, pastLength, positioning.window()));
    }

    /** The same with another mask. */
    public Sight withMask(NDArray other) {
        return new Sight(positions, types, angles, other, windowMask);
    }

    private static NDArray mask(NDManager manager, TokenLayout layout, int pastLength, OptionalInt window) {
        return AttentionMask.isNeedless(layout, window) ? null : AttentionMask.of(manager, layout, pastLength, window);
    }

    private static NDArray numbers(NDManager manager, TokenLayout layout, int[][] byLane) {
        LongBuffer numbers = LongBuffer.allocate(layout.lanes() * layout.length());
        for (int[] lane : byLane) {
            for (int number : lane) {
                numbers.put(number);
            }
        }
        return NativeArrays.of(manager, numbers.flip(), new Shape(layout.lanes(), layout.length()));
    }
}
