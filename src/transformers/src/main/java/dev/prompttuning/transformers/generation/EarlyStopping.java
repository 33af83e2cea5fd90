package dev.prompttuning.transformers.generation;

/** When beam search stops once it has as many finished sequences as beams ({@code early_stopping}). */
public enum EarlyStopping {
    /** {@code true}: at once. */
    FIRST_FULL,
    /** {@code false}: when the best running beam, at its present length, is no better than the worst finished one. */
    HEURISTIC,
    /** {@code "never"}: when no running beam can become better at any length still allowed. */
    NEVER
}
