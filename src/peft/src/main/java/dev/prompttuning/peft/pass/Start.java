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
 */
public record Start(NDArray embeddings, TokenLayout layout, KeyValues past, int skipped, boolean trained) {}
