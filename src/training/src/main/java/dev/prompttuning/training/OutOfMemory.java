package dev.prompttuning.training;

import java.util.Locale;

/** Tells running out of memory, of the heap or of the engine, from other failures. */
public final class OutOfMemory {

    /** What to do about it. */
    public static final String REMEDY = "Out of memory; make training.batchSize or dataset.maxLength smaller, set"
            + " training.gradientCheckpointing or baseModel.quantization to Int8, or give the pod more memory.";

    private static final String HEAP_REMEDY =
            "Out of memory for Java objects; set TRAINER_HEAP in spec.pod.env, such as 1g,"
                    + " and raise spec.pod.resources.limits.memory by as much.";

    private OutOfMemory() {}

    /** What to do about this failure, of which {@link #isBehind} is true. */
    static String remedy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError
                    && String.valueOf(cause.getMessage()).contains("heap")) {
                return HEAP_REMEDY;
            }
        }
        return REMEDY;
    }

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
