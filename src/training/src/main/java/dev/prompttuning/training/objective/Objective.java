package dev.prompttuning.training.objective;

import dev.prompttuning.peft.causal.Loss;
import java.util.List;

/** Rows and the loss of a model on them. Rows go by their numbers, from 0. */
public interface Objective {

    /** Number of tokens of each row. */
    int[] rowLengths();

    /** Whether gradients pass half precision on their way, so that they may overflow. */
    default boolean hasHalfGradients() {
        return false;
    }

    /** The passes that a batch of rows takes, all of whose labels count alike. */
    List<Pass> passes(int[] rows);

    /** One forward and backward pass. */
    interface Pass {

        /** Number of labels that the loss is taken of. */
        int labels();

        /** The loss; {@code scale} times the gradient of its sum is added to the parameters' gradients. */
        Loss train(double scale);
    }
}
