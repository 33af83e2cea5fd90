package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;
import java.nio.FloatBuffer;
import java.util.OptionalInt;

/** Builds what is added to attention scores: 0 where a query sees a key, the lowest finite number where it does not. */
final class AttentionMask {

    private AttentionMask() {}

    /**
     * @param pastLength keys in front, at positions 0 to {@code pastLength - 1}, which every query may see
     * @param window how far back a token sees, itself included; empty for all the way
     * @return {@code [lanes, 1, length, pastLength + length]}
     */
    static NDArray of(NDManager manager, TokenLayout layout, int pastLength, OptionalInt window) {
        int length = layout.length();
        int keys = pastLength + length;
        int reach = window.orElse(Integer.MAX_VALUE);
        FloatBuffer mask = FloatBuffer.allocate(layout.lanes() * length * keys);
        for (int lane = 0; lane < layout.lanes(); lane++) {
            int[] positions = layout.positions()[lane];
            int[] segments = layout.segments()[lane];
            for (int query = 0; query < length; query++) {
                for (int key = 0; key < pastLength; key++) {
                    mask.put(cost(positions[query] - key < reach));
                }
                for (int key = 0; key < length; key++) {
                    int distance = positions[query] - positions[key];
                    mask.put(cost(distance >= 0 && distance < reach && isVisible(segments[query], segments[key])));
                }
            }
        }
        return NativeArrays.of(manager, mask.flip(), new Shape(layout.lanes(), 1, length, keys));
    }

    /**
     * For models that look both ways: all real tokens are seen, by padding too, whose scores count where PEFT takes a softmax over
     * a whole row.
     *
     * @return {@code [lanes, 1, 1, pastLength + length]}
     */
    static NDArray bothWays(NDManager manager, TokenLayout layout, int pastLength) {
        int keys = pastLength + layout.length();
        FloatBuffer mask = FloatBuffer.allocate(layout.lanes() * keys);
        for (int[] segments : layout.segments()) {
            mask.put(new float[pastLength]);
            for (int segment : segments) {
                mask.put(cost(segment != TokenLayout.PADDING));
            }
        }
        return NativeArrays.of(manager, mask.flip(), new Shape(layout.lanes(), 1, 1, keys));
    }

    /** Whether a mask would hide nothing: one token a lane, which sees all that came before. */
    static boolean isNeedless(TokenLayout layout, OptionalInt window) {
        return layout.length() == 1 && window.isEmpty();
    }

    private static boolean isVisible(int query, int key) {
        return key == TokenLayout.SHARED || key == query && key != TokenLayout.PADDING;
    }

    private static float cost(boolean visible) {
        return visible ? 0 : -Float.MAX_VALUE;
    }
}
