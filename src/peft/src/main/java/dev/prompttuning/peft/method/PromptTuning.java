package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;

/**
 * Prompt tuning (Lester et al. 2021), PEFT's PromptEmbedding: the embeddings of the virtual tokens are trained themselves.
 *
 * @param parameters {@value #EMBEDDING} of shape {@code [numVirtualTokens, hidden]}
 */
public record PromptTuning(Parameters parameters) implements SoftPrompt {

    public static final String EMBEDDING = "prompt_encoder.default.embedding.weight";

    @Override
    public PeftType type() {
        return PeftType.PROMPT_TUNING;
    }

    @Override
    public int numVirtualTokens() {
        return (int) parameters.get(EMBEDDING).getShape().get(0);
    }

    @Override
    public NDArray promptEmbeddings() {
        // Another handle, because whoever asks closes what it gets.
        return parameters.get(EMBEDDING).reshape(parameters.get(EMBEDDING).getShape());
    }
}
