package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the virtual tokens of prompt tuning start. */
public enum PromptInitType {
    /** Normal random numbers, N(0, 1). */
    @JsonProperty("Random")
    RANDOM,

    /** The embeddings of tokens drawn from the vocabulary. */
    @JsonProperty("SampleVocab")
    SAMPLE_VOCAB,

    /** The embeddings of the tokens of a text, repeated or cut to the number of virtual tokens. */
    @JsonProperty("Text")
    TEXT
}
