package dev.prompttuning.localcluster.node;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the API writes them: RFC 3339 in UTC, whole seconds. */
final class Timestamps {

    private Timestamps() {}

    static String of(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
