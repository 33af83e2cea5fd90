package dev.prompttuning.serving.adapter;

/** An adapter that this server cannot serve. The message is one sentence for the person who supplied it. */
public final class InvalidAdapterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidAdapterException(String message) {
        super(message);
    }

    public InvalidAdapterException(String message, Throwable cause) {
        super(message, cause);
    }
}
