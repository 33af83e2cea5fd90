package dev.prompttuning.training;

import java.util.Locale;

/** Tells running out of memory, of the heap or of the engine, from other failures. */
public final class OutOfMemory {

    /** What to do about it. */
    public static final String REMEDY = "Out of memory; make training.batchSize or dataset.maxLength smaller, set"
            + " training.gradientCheckpointing, or give the pod more memory.";

    private OutOfMemory() {}

    /** Whether this failure, or one behind it, is a lack of memory. */
    public static boolean isBehind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError
                    || message.contains("out of memory")
                    || message.contains("not enough memory")
                    || message.contains("can't allocate memory")
                    || message.contains("bad_alloc")) {
                return true;
            }
        }
        return false;
    }
}
