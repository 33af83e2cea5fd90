package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the keys and values of prefix tuning start. */
public enum PrefixInitType {
    /** Normal random numbers, N(0, 1). */
    @JsonProperty("Random")
    RANDOM,

    /** Zeros. */
    @JsonProperty("Zero")
    ZERO,

    /** The keys and values that the base model computes for a text, repeated or cut to the number of virtual tokens. */
    @JsonProperty("Text")
    TEXT
}
