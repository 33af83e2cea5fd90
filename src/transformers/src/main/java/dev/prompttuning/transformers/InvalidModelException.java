package dev.prompttuning.transformers;

/**
 * A model folder, or a file in it, that cannot be used. The message is one sentence for the person who supplied the model: it
 * names the file and what to do.
 */
public final class InvalidModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidModelException(String message) {
        super(message);
    }

    public InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
