package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** When and how the held-out rows are looked at. */
public record Evaluation(
        @Min(1) @JsonPropertyDescription("Steps between two evaluations. Default: one at the end of each epoch.")
                Integer steps,
        @Default("Loss") @JsonPropertyDescription("What the best step is chosen by.") EvaluationMetric metric,
        @Default("false")
                @JsonPropertyDescription("Whether the adapter of the best evaluation is kept instead of the last.")
                Boolean loadBest,
        @JsonPropertyDescription("When a run that no longer gets better ends. Default: never.")
                EarlyStopping earlyStopping,
        @Min(1)
                @Max(4096)
                @Default("32")
                @JsonPropertyDescription(
                        "Longest generated answer in tokens, for Bleu, the Rouges, AnswerF1 and AnswerExactMatch.")
                Integer maxNewTokens) {}
