package dev.prompttuning.peft.adapter;

/** An adapter folder that cannot be used; the message is a sentence for the user. */
public final class InvalidAdapterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidAdapterException(String message) {
        super(message);
    }

    public InvalidAdapterException(String message, Throwable cause) {
        super(message, cause);
    }
}
