package dev.prompttuning.transformers.generation;

/** Why a generation ended. */
public enum FinishReason {
    /** A stop token or a stop string was produced. */
    STOP,
    /** The limit of new tokens was reached. */
    LENGTH,
    /** The caller no longer wants the text. */
    CANCELLED
}
