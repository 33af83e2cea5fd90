package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.ClaimSource;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** A Secret of the same namespace. */
public record SecretName(
        @Required @Pattern(ClaimSource.CLAIM_NAME) @JsonPropertyDescription("Name of the Secret.") String name) {}
