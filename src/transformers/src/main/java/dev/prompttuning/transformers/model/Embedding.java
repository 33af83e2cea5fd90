package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.SparseFormat;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.kernel.Kernels;
import dev.prompttuning.transformers.kernel.Precision;
import java.util.OptionalInt;

/**
 * A table of vectors.
 *
 * @param weight {@code [rows, size]} in {@code precision}; null where {@code packed} is not
 * @param packed the table where it is decoded when it is used, else null
 * @param untrainedRow a row that gets no gradient, as PyTorch's {@code padding_idx}
 */
public record Embedding(NDArray weight, Precision precision, PackedMatrix packed, OptionalInt untrainedRow) {

    /** A table all of whose rows may get gradients. */
    public Embedding(NDArray weight, Precision precision) {
        this(weight, precision, null, OptionalInt.empty());
    }

    /** A frozen table. */
    public Embedding(PackedMatrix packed) {
        this(null, null, packed, OptionalInt.empty());
    }

    /** The same table, of which a row gets no gradient. */
    public Embedding withUntrainedRow(int row) {
        return new Embedding(weight, precision, packed, OptionalInt.of(row));
    }

    /** {@code [..] → [.., size]}, always single precision. */
    public NDArray apply(NDArray ids) {
        if (packed != null) {
            return packed.rows(ids);
        }
        if (precision.isHalf()) {
            return Kernels.get().embedding(ids, weight);
        }
        NDArray vectors = ai.djl.nn.core.Embedding.embedding(ids, weight, SparseFormat.DENSE)
                .singletonOrThrow();
        return untrainedRow.isPresent() && weight.hasGradient() && Autograd.isRecording()
                ? NDArrays.where(
                        ids.neq(untrainedRow.getAsInt()).expandDims(-1).broadcast(vectors.getShape()),
                        vectors,
                        vectors.stopGradient())
                : vectors;
    }

    /** The map {@code [.., size] → [.., rows]} of a model that uses one table for tokens coming and going. */
    public Linear tiedHead() {
        if (packed != null) {
            return new Linear.Packed(packed, null);
        }
        return precision.isHalf() ? new Linear.Half(weight.transpose(), null) : new Linear.Full(weight, null, false);
    }
}
