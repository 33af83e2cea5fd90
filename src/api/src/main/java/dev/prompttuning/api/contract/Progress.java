package dev.prompttuning.api.contract;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How far training is; the pod serves it at {@code /progress}. What is not known yet is null. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Progress(
        @JsonPropertyDescription("Optimizer steps done.") Integer step,
        @JsonPropertyDescription("Optimizer steps in all.") Integer totalSteps,
        @JsonPropertyDescription("Steps done in percent.") Integer percent,
        @JsonPropertyDescription("Passes over the dataset done, with fraction.") Double epoch,
        @JsonPropertyDescription("Loss of the last steps.") Double loss,
        @JsonPropertyDescription("Learning rate of the last step.") Double learningRate,
        @JsonPropertyDescription("Tokens learned from in a second, padding not counted.") Double tokensPerSecond,
        @JsonPropertyDescription("Seconds left, estimated from the last steps.") Long secondsRemaining,
        @JsonPropertyDescription("Step of the newest checkpoint.") Integer checkpointStep,
        @JsonPropertyDescription("When the newest checkpoint was saved, RFC 3339.") String checkpointTime) {}
