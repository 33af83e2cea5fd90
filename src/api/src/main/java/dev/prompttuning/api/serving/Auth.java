package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Who may ask. */
public record Auth(
        @Required @JsonPropertyDescription("Secret whose values are the accepted API keys.")
                SecretName apiKeysSecretRef) {}
