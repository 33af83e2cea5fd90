package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** How long the learning rate climbs from zero. */
@ValidationRule(value = "has(self.steps) != has(self.ratio)", message = "exactly one of steps and ratio must be set")
public record Warmup(
        @Min(0) @JsonPropertyDescription("In optimizer steps.") Integer steps,
        @Min(0) @Max(1) @JsonPropertyDescription("As a share of all steps.") Double ratio) {}
