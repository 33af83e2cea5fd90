package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the model is tuned for. */
public enum Task {
    /** Going on with a text. */
    @JsonProperty("CausalLM")
    CAUSAL_LM,

    /** Answering a text with a text, with an encoder and a decoder. */
    @JsonProperty("Seq2SeqLM")
    SEQ2SEQ_LM,

    /** One label for a text. */
    @JsonProperty("SequenceClassification")
    SEQUENCE_CLASSIFICATION,

    /** One label for each token. */
    @JsonProperty("TokenClassification")
    TOKEN_CLASSIFICATION,

    /** The span of a text that answers a question. */
    @JsonProperty("QuestionAnswering")
    QUESTION_ANSWERING;

    /** Its name in specs. */
    public String label() {
        return switch (this) {
            case CAUSAL_LM -> "CausalLM";
            case SEQ2SEQ_LM -> "Seq2SeqLM";
            case SEQUENCE_CLASSIFICATION -> "SequenceClassification";
            case TOKEN_CLASSIFICATION -> "TokenClassification";
            case QUESTION_ANSWERING -> "QuestionAnswering";
        };
    }

    /** Whether a head is trained that scores labels or places, rather than next tokens. */
    public boolean hasHead() {
        return this == SEQUENCE_CLASSIFICATION || this == TOKEN_CLASSIFICATION || this == QUESTION_ANSWERING;
    }

    /** Whether it is a choice among given labels. */
    public boolean hasLabels() {
        return this == SEQUENCE_CLASSIFICATION || this == TOKEN_CLASSIFICATION;
    }
}
