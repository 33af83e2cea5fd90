package dev.prompttuning.transformers.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;

/**
 * Arrays whose memory is PyTorch's own.
 *
 * <p>On a CPU an array that DJL makes of a buffer shares the buffer's memory, and holds it only until the array is closed. What a
 * recorded graph needs again in its backward pass has to outlive that, or the pass reads memory that is in use for other things.
 */
public final class NativeMemory {

    private NativeMemory() {}

    /** A copy of a buffer's elements. */
    public static NDArray copy(NDManager manager, Buffer elements, Shape shape) {
        try (NDArray shared = manager.create(elements, shape)) {
            return shared.duplicate();
        }
    }
}
