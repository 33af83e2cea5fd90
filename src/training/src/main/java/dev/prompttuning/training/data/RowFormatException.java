package dev.prompttuning.training.data;

/** A row that does not have the form it should have; the message is a clause without a full stop. */
public final class RowFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public RowFormatException(String message) {
        super(message);
    }
}
