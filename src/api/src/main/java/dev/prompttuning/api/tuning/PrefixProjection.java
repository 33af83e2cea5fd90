package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** The network through which prefix tuning makes its keys and values. */
public record PrefixProjection(
        @Min(1) @Max(65536) @JsonPropertyDescription("Width of the network. Default: the base model's hidden size.")
                Integer hiddenSize) {}
