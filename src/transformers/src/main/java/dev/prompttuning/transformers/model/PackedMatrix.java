package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.kernel.Kernels;
import dev.prompttuning.transformers.kernel.Precision;

/**
 * A frozen matrix in a small format, which is computed with in single precision: it is decoded whenever it is used.
 *
 * @param values {@code [rows, columns]}, int8 or half precision
 * @param scales {@code [rows, 1]} of int8, else null
 * @param workspace where it is decoded in training
 */
public record PackedMatrix(NDArray values, NDArray scales, LayerWorkspace workspace) {

    /** Single precision values {@code [rows, columns]} packed; the result's arrays belong where they belong. */
    static PackedMatrix of(NDArray values, Precision precision, LayerWorkspace workspace) {
        if (precision.isHalf()) {
            return new PackedMatrix(precision.of(values), null, workspace);
        }
        NDArray scales = Kernels.get().rowScales(values);
        return new PackedMatrix(Kernels.get().toInt8(values, scales), scales, workspace);
    }

    /** All of it in single precision, {@code [rows, columns]}. */
    public NDArray decoded() {
        return Kernels.get().decoded(values, factors());
    }

    NDArray decodedInto(NDArray target) {
        return Kernels.get().decodedInto(target, values, factors());
    }

    /** For a recording: in the workspace while a layer fills it, else in memory of its own, which the recording keeps. */
    NDArray recorded() {
        return workspace.isFilling() ? workspace.hold(this) : decoded();
    }

    /** Rows as vectors, {@code ids [..] → [.., columns]}, without gradients. */
    NDArray rows(NDArray ids) {
        return Kernels.get().decodedRows(ids, values, factors());
    }

    /** {@code [.., columns] → [.., rows]} outside recordings, decoding little at a time. */
    NDArray product(NDArray input) {
        return Kernels.get().decodedProduct(input, values, factors());
    }

    /** The gradient at what went into {@link #product}, {@code [.., rows] → [.., columns]}. */
    public NDArray back(NDArray gradient) {
        return Kernels.get().decodedBack(gradient, values, factors());
    }

    private NDArray factors() {
        return scales == null ? values : scales;
    }
}
