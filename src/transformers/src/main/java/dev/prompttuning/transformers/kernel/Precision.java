package dev.prompttuning.transformers.kernel;

import ai.djl.ndarray.NDArray;

/** The number format of a model's large weights, those of linear maps and embeddings. Everything else is single precision. */
public enum Precision {
    /** IEEE single precision, on DJL's own operations. */
    FLOAT32,

    /** Single precision's range with 8 significant bits. */
    BFLOAT16,

    /** IEEE half precision: 11 significant bits, but nothing beyond 65504, which some models' activations exceed where they are rounded too. */
    FLOAT16,

    /** Whole numbers from -127 to 127 times one single precision scale for each output of a linear map, or each row of a table. */
    INT8;

    /** Whether a weight takes two bytes an element. */
    public boolean isHalf() {
        return this == BFLOAT16 || this == FLOAT16;
    }

    /** Bytes of one element; of {@link #INT8} without the rows' scales. */
    public int bytes() {
        return switch (this) {
            case FLOAT32 -> Float.BYTES;
            case BFLOAT16, FLOAT16 -> Short.BYTES;
            case INT8 -> Byte.BYTES;
        };
    }

    /** @throws IllegalArgumentException when weights in this format cannot be trained, though they shall be; with a sentence for people */
    public void requireFor(boolean trainable) {
        if (trainable && this != FLOAT32) {
            throw new IllegalArgumentException("Precision " + this
                    + " is for frozen weights, but full fine-tuning trains them all; choose FLOAT32, or a method that"
                    + " leaves the model frozen.");
        }
    }

    /**
     * Single precision values in this format; the same array where this is {@link #FLOAT32}.
     *
     * @throws IllegalArgumentException for {@link #INT8}, which takes scales too
     */
    public NDArray of(NDArray values) {
        return switch (this) {
            case FLOAT32 -> values;
            case BFLOAT16 -> Kernels.get().toBFloat16(values);
            case FLOAT16 -> Kernels.get().toFloat16(values);
            case INT8 -> throw new IllegalArgumentException("INT8 is no format of single values.");
        };
    }
}
