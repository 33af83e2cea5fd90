package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;

/**
 * A linear map {@code [.., in] → [.., out]}.
 *
 * @param weight {@code [out, in]}, or {@code [in, out]} where {@code transposed}, as GPT-2's Conv1D stores it
 * @param bias {@code [out]}, or null
 */
public record Linear(NDArray weight, NDArray bias, boolean transposed) {

    public NDArray apply(NDArray input) {
        if (!transposed) {
            return ai.djl.nn.core.Linear.linear(input, weight, bias).singletonOrThrow();
        }
        NDArray output = input.matMul(weight);
        return bias == null ? output : output.add(bias);
    }
}
