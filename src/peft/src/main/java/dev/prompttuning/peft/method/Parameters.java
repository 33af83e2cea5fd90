package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trainable single precision tensors by name, in a fixed order.
 *
 * @param tensors leaves that collect gradients; they belong to the manager they were made with
 */
public record Parameters(Map<String, NDArray> tensors) {

    public Parameters {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** Copies of the given values, owned by {@code manager}. */
    public static Parameters copied(Map<String, NDArray> values, NDManager manager) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            NDArray leaf = manager.create(value.toFloatArray(), value.getShape());
            // Parameters outlive whatever scope they are made in.
            NDScope.unregister(leaf);
            leaf.setRequiresGradient(true);
            leaves.put(name, leaf);
        });
        return new Parameters(leaves);
    }

    /** @throws IllegalArgumentException when there is no such tensor */
    public NDArray get(String name) {
        NDArray tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("There is no parameter " + name + " among " + tensors.keySet());
        }
        return tensor;
    }

    /** These and then others, whose names are others. */
    public Parameters and(Parameters others) {
        Map<String, NDArray> all = new LinkedHashMap<>(tensors);
        all.putAll(others.tensors);
        return new Parameters(all);
    }

    /** Number of elements. */
    public long count() {
        return tensors.values().stream().mapToLong(NDArray::size).sum();
    }
}
