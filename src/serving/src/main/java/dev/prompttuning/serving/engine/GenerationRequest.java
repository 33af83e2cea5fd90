package dev.prompttuning.serving.engine;

import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Sampling;
import java.util.List;
import java.util.Optional;

/**
 * What the engine is asked for. Answer {@code n * p + i} is the {@code i}-th to prompt {@code p}.
 *
 * @param model what the client named, for metrics
 * @param prompts token ids
 * @param settings of the answers to each prompt; none when no token is wanted
 */
public record GenerationRequest(
        String model, Prefix prefix, List<long[]> prompts, int n, Optional<GenerationSettings> settings) {

    public GenerationRequest {
        prompts = List.copyOf(prompts);
    }

    /** Settings of one answer: answers differ from each other, and repeat from call to call with the same seed. */
    GenerationSettings settings(GenerationSettings common, int answer) {
        Sampling sampling = common.sampling();
        return common.withSampling(new Sampling(
                sampling.doSample(),
                sampling.temperature(),
                sampling.topK(),
                sampling.topP(),
                sampling.minP(),
                sampling.seed() + answer));
    }
}
