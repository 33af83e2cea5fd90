package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** Multitask prompt tuning of Wang et al. (2023): one prompt for all tasks, times a matrix of low rank for each. */
public record MultitaskPromptTuning(
        @Required @Min(1) @Max(4096) @JsonPropertyDescription("Length of the prompt in virtual tokens.")
                Integer numVirtualTokens,
        @Min(1) @Max(64) @Default("1") @JsonPropertyDescription("Rank of the tasks' own matrices.") Integer rank,
        @JsonPropertyDescription("How the virtual tokens start. Default: SampleVocab.") PromptInit init) {}
