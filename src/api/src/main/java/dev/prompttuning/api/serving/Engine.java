package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** Limits of the batching engine of one pod. */
public record Engine(
        @Min(1) @Max(4096) @Default("8") @JsonPropertyDescription("Most requests computed together.")
                Integer maxBatchSize,
        @Min(1) @JsonPropertyDescription("Most tokens computed together. Default: maxBatchSize times maxContextLength.")
                Integer maxBatchTokens,
        @Min(16)
                @JsonPropertyDescription(
                        "Longest prompt and answer of a request in tokens, with virtual tokens. Default: what the base model was made for.")
                Integer maxContextLength,
        @Min(1)
                @Max(100000)
                @Default("256")
                @JsonPropertyDescription("Most requests that wait; further ones are answered 429.")
                Integer maxQueueLength) {}
