package dev.prompttuning.trainer.command;

/** Something only the user can put right. The message is one sentence: what is wrong and what to do. */
public final class UserMistakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserMistakeException(String message) {
        super(message);
    }
}
