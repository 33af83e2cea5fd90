package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How often a run is saved, so that a restarted pod goes on from there. */
public record CheckpointPolicy(
        @Min(1) @Default("100") @JsonPropertyDescription("Steps between two checkpoints.") Integer steps,
        @Min(1) @Max(100) @Default("2") @JsonPropertyDescription("Newest checkpoints kept.") Integer keep) {}
