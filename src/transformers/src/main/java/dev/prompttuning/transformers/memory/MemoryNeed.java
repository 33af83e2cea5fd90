package dev.prompttuning.transformers.memory;

/**
 * What a process needs in memory of its own, in bytes; pages of mapped files are not counted, because they can be dropped and read
 * again.
 *
 * @param program with its tokenizer and without a model
 * @param weights of the model, with their gradients and the optimizer's state where they are trained
 * @param activations what the backward pass needs of the largest batch
 */
public record MemoryNeed(long program, long weights, long activations) {

    public long total() {
        return program + weights + activations;
    }
}
