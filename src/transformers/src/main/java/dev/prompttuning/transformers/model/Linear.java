package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.kernel.Kernels;

/** A linear map {@code [.., in] → [.., out]}. */
public sealed interface Linear {

    NDArray apply(NDArray input);

    /**
     * In single precision, with gradients to whatever wants them.
     *
     * @param weight {@code [out, in]}, or {@code [in, out]} where {@code transposed}, as GPT-2's Conv1D stores it
     * @param bias {@code [out]}, or null
     */
    record Full(NDArray weight, NDArray bias, boolean transposed) implements Linear {
        @Override
        public NDArray apply(NDArray input) {
            if (!transposed) {
                return ai.djl.nn.core.Linear.linear(input, weight, bias).singletonOrThrow();
            }
            NDArray output = input.matMul(weight);
            return bias == null ? output : output.add(bias);
        }
    }

    /**
     * With a frozen weight in half precision; inputs, results and bias are single precision.
     *
     * @param weight {@code [in, out]}, which may be a view of a weight that is stored the other way round
     * @param bias {@code [out]}, or null
     */
    record Half(NDArray weight, NDArray bias) implements Linear {
        @Override
        public NDArray apply(NDArray input) {
            NDArray output = Kernels.get().matMul(input, weight);
            return bias == null ? output : output.add(bias);
        }
    }

    /**
     * With a frozen weight that is decoded whenever it is used; all else is single precision, and gradients are those of the
     * decoded weight.
     *
     * @param weight {@code [out, in]}
     * @param bias {@code [out]}, or null
     */
    record Packed(PackedMatrix weight, NDArray bias) implements Linear {
        @Override
        public NDArray apply(NDArray input) {
            if (Autograd.isRecording()) {
                return ai.djl.nn.core.Linear.linear(input, weight.recorded(), bias)
                        .singletonOrThrow();
            }
            NDArray output = weight.product(input);
            return bias == null ? output : output.add(bias);
        }
    }

    /**
     * A map and what is added to it; the map's own weight may be frozen.
     *
     * @param addition trainable on its own
     */
    record Adjusted(Linear base, Addition addition) implements Linear {
        @Override
        public NDArray apply(NDArray input) {
            return base.apply(input).add(addition.apply(input));
        }
    }

    /** What is added to a linear map's result. */
    @FunctionalInterface
    interface Addition {

        /** {@code [.., in] → [.., out]}. */
        NDArray apply(NDArray input);
    }
}
