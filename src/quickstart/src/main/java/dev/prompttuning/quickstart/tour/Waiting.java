package dev.prompttuning.quickstart.tour;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens elsewhere, looking at it now and then. */
final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Waiting() {}

    /**
     * @param what ends a sentence that begins with "Waited 60 seconds for"
     * @throws StepFailedException when the time is over
     */
    static void until(BooleanSupplier condition, Duration longest, String what) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new StepFailedException("Waited " + longest.toSeconds() + " seconds for " + what + ", in vain.");
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }
}
