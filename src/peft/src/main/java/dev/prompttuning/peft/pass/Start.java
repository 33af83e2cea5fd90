package dev.prompttuning.peft.pass;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;

/**
 * What goes into the first layer.
 *
 * @param past keys and values in front of all lanes
 * @param skipped virtual tokens in front of a lane's own tokens
 * @param trained whether what stands here was computed from parameters
 * @param virtual the pass of virtual tokens that {@code past} came from, where it has no recording of its own; else null
 */
public record Start(
        NDArray embeddings, TokenLayout layout, KeyValues past, int skipped, boolean trained, LayerStack virtual) {

    /** With a recording of all that was computed from parameters. */
    public Start(NDArray embeddings, TokenLayout layout, KeyValues past, int skipped, boolean trained) {
        this(embeddings, layout, past, skipped, trained, null);
    }
}
