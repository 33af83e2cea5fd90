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
 * @param angles null where the family does not rotate
 * @param mask {@code [lanes, heads or 1, length, keys]}, or null where everything is seen
 * @param windowMask the same for layers with a window
 */
public record Sight(NDArray positions, Rotary.Angles angles, NDArray mask, NDArray windowMask) {

    static Sight of(NDManager manager, TokenLayout layout, int pastLength, Positioning positioning) {
        NDArray full = mask(manager, layout, pastLength, OptionalInt.empty());
        if (positioning.alibi().isPresent()) {
            NDArray biases = positioning.alibi().get().biases(manager, layout, pastLength);
            full = full == null ? biases : full.add(biases);
        }
        return new Sight(
                positions(manager, layout),
                positioning
                        .rotary()
                        .map(rotary -> rotary.angles(manager, layout))
                        .orElse(null),
                full,
                positioning.window().isEmpty() ? null : mask(manager, layout, pastLength, positioning.window()));
    }

    private static NDArray mask(NDManager manager, TokenLayout layout, int pastLength, OptionalInt window) {
        return AttentionMask.isNeedless(layout, window) ? null : AttentionMask.of(manager, layout, pastLength, window);
    }

    private static NDArray positions(NDManager manager, TokenLayout layout) {
        LongBuffer positions = LongBuffer.allocate(layout.lanes() * layout.length());
        for (int[] lane : layout.positions()) {
            for (int position : lane) {
                positions.put(position);
            }
        }
        return NativeArrays.of(manager, positions.flip(), new Shape(layout.lanes(), layout.length()));
    }
}
