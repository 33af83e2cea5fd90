package dev.prompttuning.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import java.util.Collection;

/** The norm of all gradients together, and clipping by it as torch's {@code clip_grad_norm_} does. */
public final class GradientNorm {
    private static final double EPSILON = 1e-6;

    private GradientNorm() {}

    /** The Euclidean norm over all parameters' gradients. */
    public static double of(Collection<NDArray> parameters) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            double squares = 0;
            for (NDArray parameter : parameters) {
                double norm = parameter.getGradient().norm().getFloat();
                squares += norm * norm;
            }
            return Math.sqrt(squares);
        }
    }

    /** Sets the gradients to zero, whatever they are; a product with zero would leave those that are not finite. */
    public static void clear(Collection<NDArray> parameters) {
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            parameters.forEach(parameter -> parameter.getGradient().set(new NDIndex("..."), 0));
        }
    }

    /** What gradients are multiplied by so that their norm is at most {@code maxNorm}, or 1; 0 stands for no limit. */
    public static double clipping(double norm, double maxNorm) {
        return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + EPSILON));
    }
}
