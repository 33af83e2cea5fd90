package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** How the number of pods follows the load. */
public record Autoscaling(
        @Min(0) @Default("1") @JsonPropertyDescription("Fewest pods.") Integer minReplicas,
        @Required @Min(1) @JsonPropertyDescription("Most pods.") Integer maxReplicas,
        @Min(1) @JsonPropertyDescription("Requests waiting or running in a pod that the number of pods is chosen for.")
                Integer target) {}
