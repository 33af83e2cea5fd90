package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** The network of P-tuning. */
public record PromptEncoder(
        @Default("MLP") @JsonPropertyDescription("MLP or LSTM.") EncoderType type,
        @Min(1) @Max(65536) @JsonPropertyDescription("Width of the network. Default: the base model's hidden size.")
                Integer hiddenSize,
        @Min(1) @Max(16) @Default("2") @JsonPropertyDescription("Layers of the LSTM; the MLP always has three.")
                Integer numLayers,
        @Min(0)
                @Max(value = 1, inclusive = false)
                @Default("0")
                @JsonPropertyDescription("Dropout between the layers of the LSTM.")
                Double dropout) {}
