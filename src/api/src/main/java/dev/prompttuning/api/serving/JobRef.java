package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.ClaimSource;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** A PromptTuningJob of the same namespace. */
public record JobRef(
        @Required
                @Pattern(ClaimSource.CLAIM_NAME)
                @JsonPropertyDescription("Name of the PromptTuningJob; its adapter joins when it is complete.")
                String name) {}
