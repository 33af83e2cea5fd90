package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** When a run that no longer gets better ends. */
public record EarlyStopping(
        @Required @Min(1) @JsonPropertyDescription("Evaluations without an improvement after which training ends.")
                Integer patience,
        @Min(0) @Default("0") @JsonPropertyDescription("The least change that counts as an improvement.")
                Double minDelta) {}
