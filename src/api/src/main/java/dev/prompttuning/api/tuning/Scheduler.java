package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the learning rate moves after the warm-up. */
public enum Scheduler {
    /** Down to zero in a straight line. */
    @JsonProperty("Linear")
    LINEAR,

    /** Down to zero along half a cosine. */
    @JsonProperty("Cosine")
    COSINE,

    /** Not at all. */
    @JsonProperty("Constant")
    CONSTANT
}
