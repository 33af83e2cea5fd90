package dev.prompttuning.transformers.generation;

import java.util.List;

/** Turns the logits of one row into its next token, and remembers it. One instance per row, used by one thread. */
public final class TokenSelector {

    private final GenerationSettings settings;
    private final List<LogitsProcessor> processors;
    private final TokenHistory history;
    private final SplitMix64 random;

    public TokenSelector(long[] promptTokens, GenerationSettings settings) {
        this.settings = settings;
        processors = LogitsProcessors.of(settings);
        history = new TokenHistory(promptTokens);
        random = new SplitMix64(settings.sampling().seed());
    }

    /** @param logits {@code [vocab]}, left as they are */
    public ScoredToken next(float[] logits) {
        float[] scores = LogitsProcessors.process(processors, history, logits);
        int id = settings.sampling().greedy() ? Softmax.argmax(scores) : draw(Softmax.probabilities(scores));
        history.add(id);
        return settings.topLogprobs() < 0
                ? new ScoredToken(id, Double.NaN, List.of())
                : ScoredToken.of(id, logits, settings.topLogprobs());
    }

    private int draw(double[] probabilities) {
        double point = random.nextDouble();
        int last = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] > 0) {
                last = i;
                point -= probabilities[i];
                if (point < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    public TokenHistory history() {
        return history;
    }
}
