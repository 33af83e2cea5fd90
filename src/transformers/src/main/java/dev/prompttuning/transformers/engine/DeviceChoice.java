package dev.prompttuning.transformers.engine;

/** Where to compute. */
public enum DeviceChoice {
    /** The first GPU where PyTorch sees one, else the CPU. */
    AUTO,
    CPU,
    /** The first GPU; without one the engine does not start. */
    CUDA
}
