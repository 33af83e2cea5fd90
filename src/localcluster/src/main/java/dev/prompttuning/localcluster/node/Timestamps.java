package dev.prompttuning.localcluster.node;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as the API writes them: RFC 3339 in UTC, whole seconds. */
final class Timestamps {

    private Timestamps() {}

    static String now() {
        return of(Instant.now());
    }

    static String of(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** What is left until a time, at least a millisecond, so that waiting for it makes progress. */
    static Duration until(Instant time, Instant now) {
        var left = Duration.between(now, time);
        return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
    }

    static Optional<Duration> sooner(Optional<Duration> a, Optional<Duration> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        return a.get().compareTo(b.get()) <= 0 ? a : b;
    }
}
