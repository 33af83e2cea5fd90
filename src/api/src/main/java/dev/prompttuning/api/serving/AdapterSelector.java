package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.Map;

/** Which PromptTuningJobs of the namespace give their adapters. */
public record AdapterSelector(
        @Required @JsonPropertyDescription("Labels a job must have, all of them.") Map<String, String> matchLabels) {}
