package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** A model repository of the Hugging Face hub. */
public record HubSource(
        @Required
                @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$")
                @JsonPropertyDescription("Repository, for example HuggingFaceTB/SmolLM2-135M.")
                String repo,
        @Default("main") @JsonPropertyDescription("Branch, tag or commit. A commit makes a run repeatable.")
                String revision,
        @JsonPropertyDescription("Secret that holds the access token of a gated or private repository.")
                SecretKey tokenSecretRef) {

    /** What {@code revision} is when absent. */
    public static final String DEFAULT_REVISION = "main";
}
