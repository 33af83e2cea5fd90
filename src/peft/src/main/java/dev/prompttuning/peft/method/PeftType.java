package dev.prompttuning.peft.method;

/** The soft prompts by PEFT's names for them. */
public enum PeftType {
    PROMPT_TUNING(false),
    P_TUNING(false),
    PREFIX_TUNING(true);

    private final boolean keyValues;

    PeftType(boolean keyValues) {
        this.keyValues = keyValues;
    }

    /** Whether the prompt is keys and values of every layer, rather than embeddings in front of the first. */
    public boolean isKeyValues() {
        return keyValues;
    }
}
