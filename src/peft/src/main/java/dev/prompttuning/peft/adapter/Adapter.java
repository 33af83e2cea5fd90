package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;

/**
 * A soft prompt as it was saved.
 *
 * @param promptEmbeddings see {@link dev.prompttuning.peft.method.SoftPrompt#promptEmbeddings()}
 */
public record Adapter(AdapterConfig config, NDArray promptEmbeddings) {}
