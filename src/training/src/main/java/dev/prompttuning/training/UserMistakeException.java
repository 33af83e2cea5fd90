package dev.prompttuning.training;

/** What only the user can put right. The message is a sentence that names the field or file, the value and the remedy. */
public class UserMistakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserMistakeException(String message) {
        super(message);
    }

    public UserMistakeException(String message, Throwable cause) {
        super(message, cause);
    }
}
