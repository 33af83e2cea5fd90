package dev.prompttuning.transformers.model;

/**
 * One of a model's linear maps.
 *
 * @param name of its module in Hugging Face's model class, such as {@code model.layers.0.self_attn.q_proj}
 * @param weight name of its weight in the model's file
 * @param in size of what goes in
 * @param out size of what comes out
 * @param transposed whether its weight is stored as {@code [in, out]}, as GPT-2's Conv1D does
 */
public record LinearMap(String name, String weight, int in, int out, boolean transposed) {}
