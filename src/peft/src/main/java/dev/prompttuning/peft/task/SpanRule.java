package dev.prompttuning.peft.task;

/** What the start and the end of an answer are chosen among, and how they are numbered. */
public enum SpanRule {
    /**
     * Among the row's own tokens. A row's loss and answer do not depend on the rows beside it, nor on the number of virtual tokens.
     */
    OWN_TOKENS,

    /**
     * As PEFT does: among all places of the padded row, virtual tokens and padding included. Where virtual tokens stand in the
     * sequence, PEFT leaves the labels as they were, so that place {@code i} means token {@code i} of the row, though token {@code
     * i - n} stands there; an adapter that was trained so predicts in these numbers.
     */
    AS_PEFT
}
