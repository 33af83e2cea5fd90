package dev.prompttuning.transformers.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Automatic differentiation on the current thread.
 *
 * <p>DJL's own gradient collector allows one recording in a JVM and hides vector-Jacobian products; both are in the way here.
 * PyTorch's gradient mode is a property of each thread and is on by default, so every thread that computes says what it wants.
 */
public final class Autograd implements AutoCloseable {

    private final boolean before;

    private Autograd(boolean record) {
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(record);
    }

    /** Whether what this thread computes is being recorded. */
    public static boolean isRecording() {
        return JniUtils.isGradMode();
    }

    /** Records what this thread computes until it is closed. */
    public static Autograd recording() {
        return new Autograd(true);
    }

    /** Records nothing until it is closed. */
    public static Autograd off() {
        return new Autograd(false);
    }

    /**
     * Adds to the gradient of every leaf behind {@code output}: the product of {@code gradient}, which has the output's shape,
     * and the Jacobian. The recorded graph is gone afterwards.
     */
    public static void backward(NDArray output, NDArray gradient) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) gradient, false, false);
    }

    /** As {@link #backward(NDArray, NDArray)} for a scalar, with gradient one. */
    public static void backward(NDArray scalar) {
        try (NDArray one = scalar.onesLike()) {
            backward(scalar, one);
        }
    }

    /** The same values as a new leaf that collects a gradient. */
    public static NDArray leaf(NDArray array) {
        NDArray leaf = array.stopGradient();
        leaf.setRequiresGradient(true);
        return leaf;
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
