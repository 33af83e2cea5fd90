package dev.prompttuning.transformers.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.FloatBuffer;

/**
 * Makes arrays that own their memory.
 *
 * <p>An array that DJL makes from a buffer borrows the buffer's memory, and lets go of it when it is closed. A recorded graph may
 * still read that memory in its backward pass, long after the scope of the forward pass has ended.
 */
public final class NativeArrays {

    private NativeArrays() {}

    /** A copy of a buffer's remaining elements that lives as long as anything native refers to it. */
    public static NDArray of(NDManager manager, Buffer values, Shape shape) {
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }

    /**
     * {@code array * factor}. DJL's {@code mul(Number)} makes the factor a borrowing array too, and multiplication's backward pass
     * reads the factor.
     */
    public static NDArray scaled(NDArray array, double factor) {
        FloatBuffer value = FloatBuffer.wrap(new float[] {(float) factor});
        return array.mul(of(array.getManager(), value, new Shape()));
    }
}
