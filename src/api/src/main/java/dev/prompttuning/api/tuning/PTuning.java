package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** P-tuning of Liu et al. (2021): virtual tokens made by a small network, which is dropped after training. */
public record PTuning(
        @Required @Min(1) @Max(4096) @JsonPropertyDescription("Length of the prompt in virtual tokens.")
                Integer numVirtualTokens,
        @JsonPropertyDescription("The network. Default: an MLP of the base model's hidden size.")
                PromptEncoder encoder) {}
