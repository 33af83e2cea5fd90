package dev.prompttuning.peft.causal;

/**
 * Cross entropy of labelled tokens.
 *
 * @param sum in nats, over all labelled tokens
 * @param tokens number of labelled tokens
 * @param correct labelled tokens that had the highest score
 */
public record Loss(double sum, long tokens, long correct) {

    public double mean() {
        return sum / Math.max(1, tokens);
    }

    public Loss plus(Loss other) {
        return new Loss(sum + other.sum, tokens + other.tokens, correct + other.correct);
    }
}
