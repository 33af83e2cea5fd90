package dev.prompttuning.transformers.kernel;

import ai.djl.ndarray.NDArray;

/** The number format of a model's large weights, those of linear maps and embeddings. Everything else is single precision. */
public enum Precision {
    /** IEEE single precision, on DJL's own operations. */
    FLOAT32,

    /** Single precision's range with 8 significant bits; slow on processors without instructions for it. */
    BFLOAT16,

    /**
     * IEEE half precision: 11 significant bits, but nothing beyond 65504, which some models' activations exceed. For GPUs: a
     * processor without instructions for it multiplies several times slower than in single precision.
     */
    FLOAT16;

    /** Whether a weight takes two bytes an element instead of four. */
    public boolean isHalf() {
        return this != FLOAT32;
    }

    /** @throws IllegalArgumentException when weights in this format cannot be trained, though they shall be; with a sentence for people */
    public void requireFor(boolean trainable) {
        if (trainable && isHalf()) {
            throw new IllegalArgumentException("Precision " + this
                    + " is for frozen weights, but full fine-tuning trains them all; choose FLOAT32, or a method that"
                    + " leaves the model frozen.");
        }
    }

    /** Single precision values in this format; the same array where this is {@link #FLOAT32}. */
    public NDArray of(NDArray values) {
        return switch (this) {
            case FLOAT32 -> values;
            case BFLOAT16 -> Kernels.get().toBFloat16(values);
            case FLOAT16 -> Kernels.get().toFloat16(values);
        };
    }
}
