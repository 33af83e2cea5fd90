package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;

/**
 * P-tuning (Liu et al. 2021), PEFT's PromptEncoder: embeddings go through an encoder, and only its output is kept in the end.
 *
 * @param parameters {@link PromptTuning#EMBEDDING} and the encoder's tensors
 * @param encoder how rows become rows
 */
public record PTuning(Parameters parameters, PromptEncoder encoder) implements SoftPrompt {

    @Override
    public PeftType type() {
        return PeftType.P_TUNING;
    }

    @Override
    public int numVirtualTokens() {
        return (int) parameters.get(PromptTuning.EMBEDDING).getShape().get(0);
    }

    @Override
    public NDArray promptEmbeddings() {
        return encoder.encode(parameters.get(PromptTuning.EMBEDDING), parameters);
    }
}
