package dev.prompttuning.transformers.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * The memory this process may use. A container that takes more is killed without a word, so what cannot fit is refused before it is
 * tried.
 *
 * @param bytes the container's limit, or the machine's memory where there is none
 */
public record MemoryBudget(long bytes) {

    /** The budget of this process, by its control group of version 1 or 2. */
    public static MemoryBudget ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? new MemoryBudget(system.getTotalMemorySize())
                : new MemoryBudget(Long.MAX_VALUE);
    }

    /**
     * @param what takes the memory, as the subject of a sentence
     * @param remedy what to do about it, as the end of a sentence
     * @throws TooLittleMemoryException when the need is larger than the budget
     */
    public void require(MemoryNeed need, String what, String remedy) {
        if (need.total() > bytes) {
            throw new TooLittleMemoryException("There are %s of memory, but %s needs about %s (%s); %s."
                    .formatted(mebibytes(bytes), what, mebibytes(need.total()), parts(need), remedy));
        }
    }

    private static String parts(MemoryNeed need) {
        String parts = "weights " + mebibytes(need.weights());
        if (need.activations() > 0) {
            parts += ", activations " + mebibytes(need.activations());
        }
        return parts + ", the program itself " + mebibytes(need.program());
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }
}
