package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One probe of one run of a container: when it is due, and what its results mean together. */
final class ProbeWorker {

    /** What the thresholds made of the results so far. */
    enum Verdict {
        UNKNOWN,
        SUCCESS,
        FAILURE
    }

    private final Supplier<CompletableFuture<Optional<String>>> attempt;
    private final Duration period;
    private final int successThreshold;
    private final int failureThreshold;
    private Instant due;
    private boolean inFlight;
    private int successes;
    private int failures;
    private Verdict verdict = Verdict.UNKNOWN;
    private String message = "";

    /** @param attempt one try; answers what went wrong, or nothing */
    ProbeWorker(Probe probe, Instant start, Supplier<CompletableFuture<Optional<String>>> attempt) {
        this.attempt = attempt;
        this.period = Duration.ofSeconds(or(probe.getPeriodSeconds(), 10));
        this.successThreshold = or(probe.getSuccessThreshold(), 1);
        this.failureThreshold = or(probe.getFailureThreshold(), 3);
        this.due = start.plusSeconds(probe.getInitialDelaySeconds() == null ? 0 : probe.getInitialDelaySeconds());
    }

    static int or(Integer value, int otherwise) {
        return value == null || value <= 0 ? otherwise : value;
    }

    /**
     * Tries if it is time to.
     *
     * @param done runs when a try has ended, on any thread; {@link #record} takes its result
     * @return when to call again
     */
    Instant run(Instant now, Consumer<Optional<String>> done) {
        if (!inFlight && !now.isBefore(due)) {
            inFlight = true;
            due = now.plus(period);
            attempt.get()
                    .whenComplete((result, failure) ->
                            done.accept(failure == null ? result : Optional.of(String.valueOf(failure.getMessage()))));
        }
        return due;
    }

    void record(Optional<String> failure) {
        inFlight = false;
        if (failure.isEmpty()) {
            failures = 0;
            if (++successes >= successThreshold) {
                verdict = Verdict.SUCCESS;
            }
        } else {
            successes = 0;
            message = failure.get();
            if (++failures >= failureThreshold) {
                verdict = Verdict.FAILURE;
            }
        }
    }

    Verdict verdict() {
        return verdict;
    }

    /** Why the last failed try failed. */
    String message() {
        return message;
    }
}
