package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;

/**
 * P-tuning (Liu et al. 2021), PEFT's PromptEncoder: embeddings go through an encoder, and only its output is kept in the end.
 *
 * @param parameters {@link PromptTuning#EMBEDDING} and the encoder's tensors
 * @param encoder how rows become rows
 * @param submodules stacks of layers that there are rows for; only the first one's are used, though an LSTM reads them all
 */
public record PTuning(Parameters parameters, PromptEncoder encoder, int submodules) implements SoftPrompt {

    /** A prompt of a model with one stack of layers. */
    public PTuning(Parameters parameters, PromptEncoder encoder) {
        this(parameters, encoder, 1);
    }

    @Override
    public PeftType type() {
        return PeftType.P_TUNING;
    }

    @Override
    public int numVirtualTokens() {
        return (int) parameters.get(PromptTuning.EMBEDDING).getShape().get(0) / submodules;
    }

    @Override
    public NDArray promptEmbeddings() {
        return encoder.encode(parameters.get(PromptTuning.EMBEDDING), parameters);
    }

    @Override
    public NDArray virtualTokens() {
        return submodules == 1 ? promptEmbeddings() : promptEmbeddings().get(":" + numVirtualTokens());
    }
}
