package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;

/**
 * Prompt tuning (Lester et al. 2021), PEFT's PromptEmbedding: the embeddings of the virtual tokens are trained themselves.
 *
 * @param parameters {@value #EMBEDDING} of shape {@code [numVirtualTokens * submodules, hidden]}
 * @param submodules stacks of layers that there are rows for; only the first one's are used
 */
public record PromptTuning(Parameters parameters, int submodules) implements SoftPrompt {

    public static final String EMBEDDING = "prompt_encoder.default.embedding.weight";

    /** A prompt of a model with one stack of layers. */
    public PromptTuning(Parameters parameters) {
        this(parameters, 1);
    }

    @Override
    public PeftType type() {
        return PeftType.PROMPT_TUNING;
    }

    @Override
    public int numVirtualTokens() {
        return (int) parameters.get(EMBEDDING).getShape().get(0) / submodules;
    }

    @Override
    public NDArray promptEmbeddings() {
        // Another handle, because whoever asks closes what it gets.
        return parameters.get(EMBEDDING).reshape(parameters.get(EMBEDDING).getShape());
    }

    @Override
    public NDArray virtualTokens() {
        return submodules == 1 ? promptEmbeddings() : promptEmbeddings().get(":" + numVirtualTokens());
    }
}
