package dev.prompttuning.peft.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.Dropout;
import dev.prompttuning.transformers.engine.NativeArrays;
import dev.prompttuning.transformers.model.Linear;

/**
 * {@code scale * B A x}, the addition of PEFT's LoraLayer. The scale meets the inner vectors, which are the smallest.
 *
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 * @param dropout share of the inputs that are dropped; 0 outside of training
 */
public record LowRank(NDArray a, NDArray b, double scale, double dropout) implements Linear.Addition {

    @Override
    public NDArray apply(NDArray input) {
        NDArray kept =
                dropout > 0 ? Dropout.dropout(input, (float) dropout, true).singletonOrThrow() : input;
        NDArray inner = ai.djl.nn.core.Linear.linear(kept, a, null).singletonOrThrow();
        NDArray scaled = scale == 1 ? inner : NativeArrays.scaled(inner, scale);
        return ai.djl.nn.core.Linear.linear(scaled, b, null).singletonOrThrow();
    }

    /** What is added to the map's weight, {@code [out, in]}. */
    public NDArray product() {
        return NativeArrays.scaled(b.matMul(a), scale);
    }
}
