package dev.prompttuning.transformers.kernel;

import ai.djl.ndarray.NDArray;

/**
 * Arithmetic on weights in half precision or packed into int8, and functions that remember less for their gradient than a chain of NDArray operations.
 * Inputs and results are float32; products are computed and rounded in the weight's format, as PyTorch's autocast does it.
 * Gradients flow to the inputs, which must not have names; weights get none.
 *
 * <p>DJL can neither make nor convert to bfloat16 (trying ends the process) and calls the type of such an array unknown: an array
 * from {@link #toBFloat16} is for these kernels only. Safe for use by several threads.
 */
public interface Kernels {

    /** The kernels of the running engine. */
    static Kernels get() {
        return TorchScriptKernels.loaded();
    }

    /** Rounds float32 values to nearest even, with the gradient cut. */
    NDArray toBFloat16(NDArray values);

    /** As {@link #toBFloat16}; magnitudes above 65504 become infinite. */
    NDArray toFloat16(NDArray values);

    /** Rows of a half precision table, {@code ids [..], weight [rows, size] → [.., size]}. */
    NDArray embedding(NDArray ids, NDArray weight);

    /**
     * {@code input [.., in], weight [in, out] → [.., out]}. Nothing below 6e-8 exists in float16: there gradients pass the product
     * 1024 times as large as they are, so that those of a mean over many tokens do not vanish.
     */
    NDArray matMul(NDArray input, NDArray weight);

    /** A symmetric scale for each row, {@code values [rows, columns] → [rows, 1]}: the row's largest magnitude over 127; 1 for zeros. */
    NDArray rowScales(NDArray values);

    /** {@code values / scales}, rounded to nearest even and kept as int8, {@code [rows, columns]}. */
    NDArray toInt8(NDArray values, NDArray scales);

    /**
     * The single precision values of a packed matrix: of int8 {@code values * scales}; of a half precision matrix, whose scales may
     * be anything, {@code values}.
     */
    NDArray decoded(NDArray values, NDArray scales);

    /**
     * As {@link #decoded}, in {@code target}'s memory. A recording that keeps the result does not notice when that memory is used
     * again: whoever does so puts the values back before the backward pass.
     */
    NDArray decodedInto(NDArray target, NDArray values, NDArray scales);

    /** Rows of a packed table, {@code ids [..], values [rows, size] → [.., size]}; without gradients. */
    NDArray decodedRows(NDArray ids, NDArray values, NDArray scales);

    /** {@code input [.., columns] → [.., rows]}, a few rows of the packed matrix at a time; not for recordings, which would keep them all. */
    NDArray decodedProduct(NDArray input, NDArray values, NDArray scales);

    /** What {@link #decodedProduct} hands back to its input, {@code gradient [.., rows] → [.., columns]}, as sparing. */
    NDArray decodedBack(NDArray gradient, NDArray values, NDArray scales);

    /**
     * {@code silu(gate) * up}, all {@code [.., inner]} (SwiGLU, Shazeer 2020). A recording keeps the two partial derivatives and
     * nothing else: half of what it would keep of sigmoid and products.
     */
    NDArray swiGlu(NDArray gate, NDArray up);
}
