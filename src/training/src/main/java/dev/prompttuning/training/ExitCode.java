package dev.prompttuning.training;

import dev.prompttuning.transformers.InvalidModelException;

/** What a training process tells its parent by its exit status. */
public enum ExitCode {
    DONE(0),
    /** Worth trying again from the last checkpoint. */
    FAILED(1),
    /** Trying again would end the same way. */
    USER_MISTAKE(2),
    OUT_OF_MEMORY(3);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    public static ExitCode of(Throwable failure) {
        if (failure instanceof UserMistakeException || failure instanceof InvalidModelException) {
            return USER_MISTAKE;
        }
        return OutOfMemory.isBehind(failure) ? OUT_OF_MEMORY : FAILED;
    }

    /** One sentence for the user: no stack trace where the failure speaks for itself. */
    public static String message(Throwable failure) {
        return switch (of(failure)) {
            case OUT_OF_MEMORY -> OutOfMemory.REMEDY;
            case USER_MISTAKE -> failure.getMessage();
            default -> failure.toString();
        };
    }
}
