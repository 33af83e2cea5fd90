package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** Where downloads are kept between pods. */
public record Cache(
        @Required
                @Pattern(ClaimSource.CLAIM_NAME)
                @JsonPropertyDescription("Name of a PersistentVolumeClaim in the same namespace.")
                String claimName) {}
