package dev.prompttuning.transformers.generation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that decides which tokens follow a prompt.
 *
 * @param topLogprobs how many alternatives to report with each token's log probability; -1 reports none at all
 */
public record GenerationSettings(
        Stopping stopping, Sampling sampling, Penalties penalties, Beams beams, int topLogprobs) {

    private static final int DEFAULT_MAX_NEW_TOKENS = 256;
    private static final int HUGGING_FACE_TOP_K = 50;

    public GenerationSettings {
        Range.check("top_logprobs", topLogprobs, -1, 20);
        if (beams.numBeams() > 1 && !sampling.greedy()) {
            throw new IllegalArgumentException("num_beams is " + beams.numBeams()
                    + " and do_sample is true: beam search does not sample, set do_sample to false or num_beams to 1");
        }
        if (beams.numBeams() > 1 && !stopping.strings().isEmpty()) {
            throw new IllegalArgumentException("num_beams is " + beams.numBeams()
                    + " and stop strings are set: beam search ends at token ids only, leave one of them out");
        }
    }

    /** Greedy, to the given number of tokens or the first of the stop tokens. */
    public static GenerationSettings greedy(int maxNewTokens, Integer... stopTokenIds) {
        return new GenerationSettings(
                Stopping.after(maxNewTokens, stopTokenIds), Sampling.GREEDY, Penalties.NONE, Beams.NONE, -1);
    }

    /**
     * Reads a {@code generation_config.json}. What the file leaves out has Hugging Face's default (top_k 50 when
     * sampling), except max_new_tokens, which is {@value #DEFAULT_MAX_NEW_TOKENS}: their default, max_length 20, counts
     * the prompt and suits nobody.
     */
    public static GenerationSettings fromGenerationConfig(JsonNode config) {
        int maxNewTokens = config.path("max_new_tokens").asInt(DEFAULT_MAX_NEW_TOKENS);
        Stopping stopping = new Stopping(
                maxNewTokens,
                Math.min(maxNewTokens, config.path("min_new_tokens").asInt(0)),
                eos(config),
                List.of());
        boolean sample = config.path("do_sample").asBoolean(false);
        Sampling sampling = new Sampling(
                sample,
                config.path("temperature").asDouble(1),
                config.path("top_k").asInt(HUGGING_FACE_TOP_K),
                config.path("top_p").asDouble(1),
                config.path("min_p").asDouble(0),
                0);
        Penalties penalties = new Penalties(config.path("repetition_penalty").asDouble(1), 0, 0, Map.of());
        Beams beams = new Beams(
                config.path("num_beams").asInt(1), config.path("length_penalty").asDouble(1), early(config));
        return new GenerationSettings(stopping, sampling, penalties, beams, -1);
    }

    private static Set<Integer> eos(JsonNode config) {
        Set<Integer> ids = new TreeSet<>();
        JsonNode eos = config.path("eos_token_id");
        if (eos.isIntegralNumber()) {
            ids.add(eos.asInt());
        }
        eos.forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    private static EarlyStopping early(JsonNode config) {
        JsonNode early = config.path("early_stopping");
        if (early.asText().equals("never")) {
            return EarlyStopping.NEVER;
        }
        return early.asBoolean(false) ? EarlyStopping.FIRST_FULL : EarlyStopping.HEURISTIC;
    }

    public GenerationSettings withStopping(Stopping value) {
        return new GenerationSettings(value, sampling, penalties, beams, topLogprobs);
    }

    public GenerationSettings withMaxNewTokens(int value) {
        return withStopping(
                new Stopping(value, Math.min(value, stopping.minNewTokens()), stopping.tokenIds(), stopping.strings()));
    }

    public GenerationSettings withMinNewTokens(int value) {
        return withStopping(new Stopping(stopping.maxNewTokens(), value, stopping.tokenIds(), stopping.strings()));
    }

    public GenerationSettings withStopTokenIds(Set<Integer> value) {
        return withStopping(new Stopping(stopping.maxNewTokens(), stopping.minNewTokens(), value, stopping.strings()));
    }

    public GenerationSettings withStopStrings(List<String> value) {
        return withStopping(new Stopping(stopping.maxNewTokens(), stopping.minNewTokens(), stopping.tokenIds(), value));
    }

    public GenerationSettings withSampling(Sampling value) {
        return new GenerationSettings(stopping, value, penalties, beams, topLogprobs);
    }

    public GenerationSettings withPenalties(Penalties value) {
        return new GenerationSettings(stopping, sampling, value, beams, topLogprobs);
    }

    public GenerationSettings withBeams(Beams value) {
        return new GenerationSettings(stopping, sampling, penalties, value, topLogprobs);
    }

    public GenerationSettings withTopLogprobs(int value) {
        return new GenerationSettings(stopping, sampling, penalties, beams, value);
    }
}
