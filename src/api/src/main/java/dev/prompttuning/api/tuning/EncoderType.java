package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The network through which P-tuning makes its virtual tokens. */
public enum EncoderType {
    /** A feed-forward network. */
    @JsonProperty("MLP")
    MLP,

    /** A bidirectional LSTM and a feed-forward network. */
    @JsonProperty("LSTM")
    LSTM
}
