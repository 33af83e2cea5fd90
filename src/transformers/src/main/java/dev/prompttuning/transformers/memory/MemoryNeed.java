package dev.prompttuning.transformers.memory;

/**
 * What a process needs in memory of its own, in bytes; pages of mapped files are not counted, because they can be dropped and read
 * again.
 *
 * @param weights of the model, with their gradients and the optimizer's state where they are trained
 * @param activations what the backward pass needs of the largest batch
 */
public record MemoryNeed(long weights, long activations) {
    /** The program with an empty model: heap, compiled code, PyTorch's own tables. Measured, see src/docs/images.md. */
    static final long PROGRAM = 224L << 20;

    /** With the program itself. */
    public long total() {
        return PROGRAM + weights + activations;
    }
}
