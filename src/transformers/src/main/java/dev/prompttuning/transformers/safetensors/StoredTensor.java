package dev.prompttuning.transformers.safetensors;

import java.util.List;

/** What a file's header says of one tensor. */
public interface StoredTensor {

    /** Its name in Hugging Face's model class. */
    String name();

    /** Its shape; empty for a scalar. */
    List<Long> dimensions();

    /** The format that holds its values without a loss: of quantised blocks, {@link Dtype#F32}. */
    Dtype dtype();

    /** The number of elements. */
    long size();

    /** Whether a frozen model in single precision uses the file's own pages, so that the tensor takes no memory. */
    boolean inPlace();

    /** The shape as an array of its own. */
    default long[] shape() {
        return dimensions().stream().mapToLong(Long::longValue).toArray();
    }
}
