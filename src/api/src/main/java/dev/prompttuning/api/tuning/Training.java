package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** How it is learned. */
@ValidationRule(value = "!(has(self.epochs) && has(self.maxSteps))", message = "epochs and maxSteps exclude each other")
public record Training(
        @Min(1) @JsonPropertyDescription("Passes over the dataset. Default: 3.") Integer epochs,
        @Min(1) @JsonPropertyDescription("Optimizer steps, instead of epochs.") Integer maxSteps,
        @Min(1) @Max(4096) @Default("8") @JsonPropertyDescription("Rows in a batch.") Integer batchSize,
        @Min(1) @Max(4096) @Default("1") @JsonPropertyDescription("Batches to one optimizer step.")
                Integer gradientAccumulationSteps,
        @Min(value = 0, inclusive = false)
                @Max(10)
                @JsonPropertyDescription(
                        "Highest learning rate. Default: 0.01 for promptTuning, 0.001 for pTuning and projected prefixes, 0.005 for prefixTuning, 0.0002 for lora, 0.001 for lora beside a prompt, 0.00001 for fullFineTuning.")
                Double learningRate,
        @Default("Linear") @JsonPropertyDescription("How the learning rate moves after the warm-up.")
                Scheduler scheduler,
        @JsonPropertyDescription("How long the learning rate climbs from zero. Default: a ratio of 0.05.")
                Warmup warmup,
        @Min(0) @Default("0") @JsonPropertyDescription("AdamW's decoupled weight decay.") Double weightDecay,
        @Min(0)
                @Default("1")
                @JsonPropertyDescription("Longest gradient norm, longer ones are scaled down; 0 turns clipping off.")
                Double maxGradNorm,
        @Default("Auto") @JsonPropertyDescription("Number format of activations and gradients.") Precision precision,
        @Default("false")
                @JsonPropertyDescription("Computes activations again in the backward pass: less memory, more time.")
                Boolean gradientCheckpointing,
        @Default("42") @JsonPropertyDescription("Seed of everything random.") Long seed,
        @Min(1) @Default("10") @JsonPropertyDescription("Steps between two lines of progress in the log.")
                Integer loggingSteps,
        @JsonPropertyDescription("When and how the held-out rows are looked at.") Evaluation evaluation,
        @JsonPropertyDescription("How often the run is saved.") CheckpointPolicy checkpoint) {

    /** Nothing asked for. */
    public static Training defaults() {
        return new Training(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
}
