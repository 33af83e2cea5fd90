package dev.prompttuning.transformers.kernel;

import ai.djl.ndarray.NDArray;

/**
 * Arithmetic on half precision weights, and functions that remember less for their gradient than a chain of NDArray operations.
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

    /**
     * {@code silu(gate) * up}, all {@code [.., inner]} (SwiGLU, Shazeer 2020). A recording keeps the two partial derivatives and
     * nothing else: half of what it would keep of sigmoid and products.
     */
    NDArray swiGlu(NDArray gate, NDArray up);
}
