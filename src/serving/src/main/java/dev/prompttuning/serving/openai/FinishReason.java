package dev.prompttuning.serving.openai;

import java.util.Locale;

/** Why an answer ended. */
public enum FinishReason {
    /** An end token or a stop string. */
    STOP,
    /** The tokens asked for, or the context, ran out. */
    LENGTH;

    /** As it stands in an answer. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
