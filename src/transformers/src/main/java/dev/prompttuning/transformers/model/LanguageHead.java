package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;

/** What makes scores of the next token of hidden states. */
public interface LanguageHead {

    /** Scores of the next token, {@code [.., hidden] → [.., vocab]}. */
    NDArray logits(NDArray hidden);

    /**
     * Whether {@link #logits} is computed best outside of a recording, because its weight would be decoded as a whole for it; the
     * gradient then takes {@link #logitsGradient}.
     */
    boolean hasPackedHead();

    /** From the gradient at the scores to that at the hidden states, {@code [.., vocab] → [.., hidden]}, where the head is packed. */
    NDArray logitsGradient(NDArray gradient);
}
