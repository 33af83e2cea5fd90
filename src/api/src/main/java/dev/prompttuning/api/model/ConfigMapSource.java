package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** One key of a ConfigMap of the resource's namespace. */
public record ConfigMapSource(
        @Required
                @Pattern(ClaimSource.CLAIM_NAME)
                @JsonPropertyDescription("Name of a ConfigMap in the same namespace.")
                String name,
        @Required
                @Pattern("^[-._A-Za-z0-9]+$")
                @JsonPropertyDescription(
                        "Key in the ConfigMap; its ending (.jsonl, .json, .csv, .tsv) says how the text is read.")
                String key) {}
