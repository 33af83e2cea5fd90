package dev.prompttuning.transformers.memory;

/** There is less memory than what is asked for takes. The message is a sentence that says how much there is and how much is needed. */
public final class TooLittleMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooLittleMemoryException(String message) {
        super(message);
    }
}
