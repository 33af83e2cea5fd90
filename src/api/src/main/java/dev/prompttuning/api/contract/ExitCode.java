package dev.prompttuning.api.contract;

/** How the trainer's process ends; every other code is a failure worth another try from the checkpoint. */
public enum ExitCode {
    DONE(0),
    FAILED(1),
    /** The user's mistake: never tried again; the termination message is the sentence that explains it. */
    USER_MISTAKE(2),
    OUT_OF_MEMORY(3),
    /** Stopped by SIGTERM after a checkpoint: 128 + 15. */
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number the process ends with. */
    public int code() {
        return code;
    }
}
