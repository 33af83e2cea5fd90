package dev.prompttuning.training.data;

/** A row ready for training. */
public interface Row {

    /** Number of tokens. */
    int length();

    /** What had to be left out. */
    EncodedRow.Cut cut();

    /** Whether there is anything in it to learn. */
    boolean isLabelled();
}
