package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** One key of a Secret of the resource's namespace. */
public record SecretKey(
        @Required @Pattern(ClaimSource.CLAIM_NAME) @JsonPropertyDescription("Name of a Secret in the same namespace.")
                String name,
        @Default("token") @JsonPropertyDescription("Key in the Secret.") String key) {

    /** What {@code key} is when absent. */
    public static final String DEFAULT_KEY = "token";
}
