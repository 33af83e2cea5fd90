package dev.prompttuning.transformers.generation;

/** Follows a generation as it happens. */
@FunctionalInterface
public interface GenerationListener {

    GenerationListener SILENT = (token, text) -> {};

    /**
     * One token was chosen.
     *
     * @param text the text that may be shown now: what could still become a stop string is held back, so this may be
     *     empty or come from earlier tokens
     */
    void onToken(ScoredToken token, String text);

    /** Text that had been held back, shown when the generation ended without a stop string. */
    default void onEnd(String text) {}
}
