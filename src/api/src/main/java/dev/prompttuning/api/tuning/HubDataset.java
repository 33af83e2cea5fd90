package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.SecretKey;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** A dataset repository of the Hugging Face hub. */
public record HubDataset(
        @Required
                @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$")
                @JsonPropertyDescription("Repository, for example tatsu-lab/alpaca.")
                String repo,
        @Default("main") @JsonPropertyDescription("Branch, tag or commit. A commit makes a run repeatable.")
                String revision,
        @JsonPropertyDescription("Configuration of the dataset, or a folder of it. Default: its default one.")
                String subset,
        @JsonPropertyDescription("Split, for example train. Default: train; for evaluation validation, or else test.")
                String split,
        @JsonPropertyDescription("Secret that holds the access token of a gated or private repository.")
                SecretKey tokenSecretRef) {}
