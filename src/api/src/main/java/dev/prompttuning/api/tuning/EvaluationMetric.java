package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an evaluation is judged by. */
public enum EvaluationMetric {
    /** Mean cross entropy of the answer tokens; lower is better. */
    @JsonProperty("Loss")
    LOSS,

    /** The exponential of the loss; lower is better. */
    @JsonProperty("Perplexity")
    PERPLEXITY,

    /** The share of rows whose greedy answer equals the given one; higher is better. */
    @JsonProperty("ExactMatch")
    EXACT_MATCH,

    /** The share of labels that are right, of a task with labels or places; higher is better. */
    @JsonProperty("Accuracy")
    ACCURACY
}
