package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.engine.NativeArrays;

/** The Gaussian error linear unit (Hendrycks and Gimpel 2016). */
public final class Gelu {

    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private Gelu() {}

    /** The approximation by a hyperbolic tangent, which GPT-2 ("gelu_new") and BLOOM were trained with. */
    public static NDArray tanh(NDArray input) {
        NDArray cubic = NativeArrays.scaled(input.square(), 0.044715).add(1).mul(input);
        NDArray gate = NativeArrays.scaled(cubic, SQRT_2_OVER_PI).tanh().add(1);
        return NativeArrays.scaled(gate.mul(input), 0.5);
    }
}
