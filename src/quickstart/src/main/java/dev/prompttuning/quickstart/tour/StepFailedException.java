package dev.prompttuning.quickstart.tour;

/** A step of the tour that did not come to its end; the message says what happened and what to do. */
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StepFailedException(String message) {
        super(message);
    }
}
