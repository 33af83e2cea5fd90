package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** Soft prompt of Lester et al. (2021): embeddings before the text, learned directly. */
public record PromptTuning(
        @Required @Min(1) @Max(4096) @JsonPropertyDescription("Length of the prompt in virtual tokens.")
                Integer numVirtualTokens,
        @JsonPropertyDescription("How the virtual tokens start. Default: SampleVocab.") PromptInit init) {}
