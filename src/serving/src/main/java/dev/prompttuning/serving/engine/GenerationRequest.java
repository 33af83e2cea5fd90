package dev.prompttuning.serving.engine;

import java.util.List;

/**
 * What the engine is asked for. Answer {@code n * p + i} is the {@code i}-th to prompt {@code p}.
 *
 * @param model what the client named, for metrics
 * @param prompts token ids
 * @param n answers to each prompt
 */
public record GenerationRequest(String model, Prefix prefix, List<long[]> prompts, int n, AnswerPlan plan) {

    public GenerationRequest {
        prompts = List.copyOf(prompts);
    }
}
