package dev.prompttuning.api.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the frozen weights are compressed. */
public enum Quantization {
    /** Not at all. */
    @JsonProperty("None")
    NONE,

    /** Eight bits a weight, one scale a row. */
    @JsonProperty("Int8")
    INT8
}
