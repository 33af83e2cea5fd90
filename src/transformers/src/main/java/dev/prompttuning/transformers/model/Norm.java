package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Normalisation over the last axis. */
public sealed interface Norm {

    /** {@code [.., hidden] → [.., hidden]}. */
    NDArray apply(NDArray input);

    /** Nothing is changed. */
    record None() implements Norm {
        @Override
        public NDArray apply(NDArray input) {
            return input;
        }
    }

    /** Root mean square norm (Zhang and Sennrich 2019): no mean is taken off, no bias added. */
    record Rms(NDArray weight, float epsilon) implements Norm {
        @Override
        public NDArray apply(NDArray input) {
            NDArray rootMeanSquare =
                    input.square().mean(new int[] {-1}, true).add(epsilon).sqrt();
            return input.div(rootMeanSquare).mul(weight);
        }
    }

    /** Layer norm with weight and bias. */
    record Layer(NDArray weight, NDArray bias, float epsilon) implements Norm {
        @Override
        public NDArray apply(NDArray input) {
            Shape hidden = weight.getShape();
            return ai.djl.nn.norm.LayerNorm.layerNorm(input, hidden, weight, bias, epsilon)
                    .singletonOrThrow();
        }
    }
}
