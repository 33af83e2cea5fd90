package dev.prompttuning.peft.pass;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.peft.causal.Loss;

/** What follows the last layer in training. */
@FunctionalInterface
public interface LossStep {

    /** The loss of hidden states {@code [lanes, length, hidden]}, after {@code scale} times its gradient has gone back from them. */
    Loss train(NDArray hidden, double scale);
}
