package dev.prompttuning.serving.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.serving.openai.SamplingOptions;
import dev.prompttuning.transformers.generation.Beams;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Penalties;
import dev.prompttuning.transformers.generation.Sampling;
import dev.prompttuning.transformers.generation.Stopping;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What holds where a client left something open: first the model's {@code generation_config.json}, then the protocol's defaults
 * (temperature 1, nothing cut off).
 *
 * @param endTokens end an answer, unless the client says {@code ignore_eos}
 */
public record GenerationDefaults(
        double temperature, int topK, double topP, double repetitionPenalty, Set<Integer> endTokens) {

    public GenerationDefaults {
        endTokens = Set.copyOf(endTokens);
    }

    /** @param config {@code generation_config.json}, or a missing node */
    public static GenerationDefaults of(JsonNode config, Set<Integer> tokenizerEndTokens) {
        Set<Integer> endTokens = new HashSet<>(tokenizerEndTokens);
        JsonNode eos = config.path("eos_token_id");
        if (eos.isIntegralNumber()) {
            endTokens.add(eos.intValue());
        }
        eos.forEach(id -> endTokens.add(id.intValue()));
        return new GenerationDefaults(
                config.path("temperature").asDouble(1),
                config.path("top_k").asInt(0),
                config.path("top_p").asDouble(1),
                config.path("repetition_penalty").asDouble(1),
                endTokens);
    }

    /** @param maxTokens at least 1 */
    GenerationSettings settings(SamplingOptions options, int maxTokens) {
        Set<Integer> ends = new HashSet<>(options.stopTokenIds());
        if (!options.ignoreEos()) {
            ends.addAll(endTokens);
        }
        return new GenerationSettings(
                new Stopping(maxTokens, Math.min(options.minTokens(), maxTokens), ends, options.stop()),
                new Sampling(
                        true,
                        options.temperature().orElse(temperature),
                        options.topK().orElse(topK),
                        options.topP().orElse(topP),
                        options.minP(),
                        options.seed()
                                .orElseGet(() -> ThreadLocalRandom.current().nextLong())),
                new Penalties(
                        options.repetitionPenalty().orElse(repetitionPenalty),
                        options.presencePenalty(),
                        options.frequencyPenalty(),
                        options.logitBias()),
                Beams.NONE,
                -1);
    }
}
