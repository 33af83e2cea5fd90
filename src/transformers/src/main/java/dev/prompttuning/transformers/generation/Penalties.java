package dev.prompttuning.transformers.generation;

import java.util.Map;

/**
 * Changes of the scores by what was said already.
 *
 * @param repetition Hugging Face's repetition_penalty, over prompt and generated ids (virtual tokens have no ids and
 *     are not counted): positive scores are divided by it, negative ones multiplied; 1 changes nothing
 * @param presence subtracted once from every token generated so far (OpenAI)
 * @param frequency subtracted for each time a token was generated so far (OpenAI)
 * @param logitBias added to the score of a token id
 */
public record Penalties(double repetition, double presence, double frequency, Map<Integer, Double> logitBias) {

    public static final Penalties NONE = new Penalties(1, 0, 0, Map.of());

    public Penalties {
        if (!(repetition > 0)) {
            throw new IllegalArgumentException("repetition_penalty is " + repetition + ", it must be above 0");
        }
        Range.check("presence_penalty", presence, -2, 2);
        Range.check("frequency_penalty", frequency, -2, 2);
        logitBias = Map.copyOf(logitBias);
    }

    public static Penalties repetition(double repetition) {
        return new Penalties(repetition, 0, 0, Map.of());
    }
}
