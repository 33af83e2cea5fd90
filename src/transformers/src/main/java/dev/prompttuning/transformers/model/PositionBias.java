package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Adds to attention scores by where query and key stand. */
@FunctionalInterface
public interface PositionBias {

    /** The biases of all keys in sight, {@code [lanes or 1, heads, length or 1, pastLength + length]}. */
    NDArray biases(NDManager manager, TokenLayout layout, int pastLength);

    /** Whether it is computed from weights that collect gradients. */
    default boolean isTrained() {
        return false;
    }
}
