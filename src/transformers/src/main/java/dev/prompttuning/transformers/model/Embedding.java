package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.SparseFormat;
import dev.prompttuning.transformers.kernel.Kernels;
import dev.prompttuning.transformers.kernel.Precision;

/**
 * A table of vectors.
 *
 * @param weight {@code [rows, size]} in {@code precision}
 */
public record Embedding(NDArray weight, Precision precision) {

    /** {@code [..] → [.., size]}, always single precision. */
    public NDArray apply(NDArray ids) {
        return precision.isHalf()
                ? Kernels.get().embedding(ids, weight)
                : ai.djl.nn.core.Embedding.embedding(ids, weight, SparseFormat.DENSE)
                        .singletonOrThrow();
    }

    /** The map {@code [.., size] → [.., rows]} of a model that uses one table for tokens coming and going. */
    public Linear tiedHead() {
        return precision.isHalf() ? new Linear.Half(weight.transpose(), null) : new Linear.Full(weight, null, false);
    }
}
