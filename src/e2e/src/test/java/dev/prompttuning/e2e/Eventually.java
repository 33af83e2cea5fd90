package dev.prompttuning.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for what a cluster does in its own time. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Eventually() {}

    /** What {@code look} finds, as soon as it finds something. */
    public static <T> T get(String what, Duration atMost, Supplier<Optional<T>> look) {
        return get(what, atMost, look, () -> "");
    }

    /** @param state is asked when the time is over, for the message */
    public static <T> T get(String what, Duration atMost, Supplier<Optional<T>> look, Supplier<String> state) {
        Instant end = Instant.now().plus(atMost);
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(
                        "Waited " + atMost.toSeconds() + " s for " + what + " in vain. " + state.get());
            }
            pause(PAUSE);
        }
    }

    /** Waits until {@code look} is true. */
    public static void holds(String what, Duration atMost, Supplier<Boolean> look) {
        get(what, atMost, () -> look.get() ? Optional.of(true) : Optional.empty());
    }

    /** Lets time pass. */
    public static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
