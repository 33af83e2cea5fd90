package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** LoRA of Hu et al. (2021): low-rank additions to the linear layers. */
public record Lora(
        @Required @Min(1) @Max(1024) @JsonPropertyDescription("Rank of the additions.") Integer rank,
        @Min(0) @JsonPropertyDescription("Scale: the addition is multiplied by alpha / rank. Default: twice the rank.")
                Double alpha,
        @Min(0)
                @Max(value = 1, inclusive = false)
                @Default("0")
                @JsonPropertyDescription("Dropout before the addition.")
                Double dropout,
        @Size(min = 1, max = 64)
                @JsonPropertyDescription(
                        "Names of the linear layers, for example q_proj, or all-linear. Default: query and value projections.")
                List<String> targetModules,
        @Default("false")
                @JsonPropertyDescription("Scale by alpha / sqrt(rank) instead, which suits high ranks (rsLoRA).")
                Boolean rankStabilized) {}
