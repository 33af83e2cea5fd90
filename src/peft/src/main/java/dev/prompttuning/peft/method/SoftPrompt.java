package dev.prompttuning.peft.method;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** Trainable virtual tokens in front of every sequence. */
public sealed interface SoftPrompt extends Tuning
        permits PromptTuning, PTuning, PrefixTuning, MultitaskPromptTuning.OfTask {

    PeftType type();

    int numVirtualTokens();

    /**
     * What the trainable tensors amount to, and what an adapter file holds as {@code prompt_embeddings}: {@code
     * [numVirtualTokens * submodules, hidden]}, or {@code [numVirtualTokens, layers * 2 * keyValueSize]} for a prefix. Differentiable.
     */
    NDArray promptEmbeddings();

    /**
     * The rows of {@link #promptEmbeddings()} that stand in front of texts, {@code [numVirtualTokens, ..]}: all of them, but where PEFT
     * makes as many again for a decoder and leaves them unused.
     */
    default NDArray virtualTokens() {
        return promptEmbeddings();
    }

    @Override
    default Optional<SoftPrompt> prompt() {
        return Optional.of(this);
    }
}
