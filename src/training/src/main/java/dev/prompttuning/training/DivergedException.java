package dev.prompttuning.training;

/** The loss or the gradient is not a number any more; trying again as it was would end the same way. */
public final class DivergedException extends UserMistakeException {
    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
