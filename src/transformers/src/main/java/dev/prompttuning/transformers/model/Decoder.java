package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** A family's arithmetic: what happens to hidden states {@code [batch, seq, hidden]} before, in, and after the layers. */
public interface Decoder {

    ModelConfig config();

    Positioning positioning();

    /** Token embeddings, {@code [batch, seq] → [batch, seq, hidden]}. */
    NDArray embed(NDArray tokenIds);

    /** What the family does to embeddings (of real or virtual tokens) before the first layer. */
    NDArray enter(NDArray embeddings, NDArray positions);

    List<Layer> layers();

    /** The norm behind the last layer. */
    NDArray leave(NDArray hidden);

    /** Scores of the next token, {@code [.., hidden] → [.., vocab]}. */
    NDArray logits(NDArray hidden);

    /** One block of attention and feed-forward. */
    @FunctionalInterface
    interface Layer {

        /** @param past the layer's keys and values of earlier tokens, or null */
        Output apply(NDArray hidden, Sight sight, KeyValue past);
    }

    /**
     * @param hidden {@code [batch, seq, hidden]}
     * @param inSight all keys and values that were attended to, past ones first
     */
    record Output(NDArray hidden, KeyValue inSight) {}
}
