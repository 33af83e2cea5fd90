package dev.prompttuning.serving.openai;

/**
 * Tokens of a request. Virtual tokens are the adapter's, so nobody pays for them here.
 *
 * @param promptTokens of all prompts
 * @param completionTokens of all answers
 */
public record Usage(int promptTokens, int completionTokens) {

    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
