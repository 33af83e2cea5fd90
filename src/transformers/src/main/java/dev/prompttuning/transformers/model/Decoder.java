package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A family's arithmetic: what happens to hidden states {@code [batch, seq, hidden]} before, in, and after the layers.
 *
 * @param embeddings of tokens
 * @param entry what the family does to embeddings, of real or virtual tokens, before the first layer
 * @param norm behind the last layer
 * @param head scores of the next token; null where the model is not to predict tokens
 */
public record Decoder(
        ModelConfig config,
        Positioning positioning,
        Embedding embeddings,
        Entry entry,
        List<Layer> layers,
        Norm norm,
        Linear head) {

    public Decoder {
        layers = List.copyOf(layers);
    }

    /** The step before the first layer. */
    @FunctionalInterface
    public interface Entry {

        /** The embeddings go in as they are. */
        Entry NONE = (embeddings, sight) -> embeddings;

        NDArray apply(NDArray embeddings, Sight sight);
    }

    /** One block of attention and feed-forward. */
    @FunctionalInterface
    public interface Layer {

        /** @param past the layer's keys and values of earlier tokens, or null */
        Output apply(NDArray hidden, Sight sight, KeyValue past);
    }

    /**
     * @param hidden {@code [batch, seq, hidden]}
     * @param inSight all keys and values that were attended to, past ones first
     */
    public record Output(NDArray hidden, KeyValue inSight) {}
}
