package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a row of the dataset looks like. */
public enum DatasetFormat {
    /** {@code instruction}, {@code input} (may be empty) and {@code output}. */
    @JsonProperty("Alpaca")
    ALPACA,

    /** {@code conversations} of {@code from} and {@code value}. */
    @JsonProperty("ShareGPT")
    SHARE_GPT,

    /** {@code messages} of {@code role} and {@code content}. */
    @JsonProperty("Messages")
    MESSAGES,

    /** {@code prompt} and {@code completion}. */
    @JsonProperty("PromptCompletion")
    PROMPT_COMPLETION,

    /** {@code text}, learned as a whole. */
    @JsonProperty("Text")
    TEXT,

    /**
     * What the task asks for: {@code text} and {@code label}; or {@code tokens} and {@code tags}; or {@code question}, {@code
     * context} and {@code answers}.
     */
    @JsonProperty("Labeled")
    LABELED;

    /** Whether a row is a conversation, rendered by a chat template. */
    public boolean isConversation() {
        return this == SHARE_GPT || this == MESSAGES;
    }
}
