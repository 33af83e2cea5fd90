package dev.prompttuning.localcluster.node;

import dev.prompttuning.localcluster.node.ProbeWorker.Verdict;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** The startup, liveness and readiness probes of a container's present run. The last two wait for the first. */
final class ContainerProbes {

    private static final Duration IDLE = Duration.ofMinutes(1);

    private Optional<ProbeWorker> startup = Optional.empty();
    private Optional<ProbeWorker> liveness = Optional.empty();
    private Optional<ProbeWorker> readiness = Optional.empty();
    /** Results that came in on other threads. */
    private ConcurrentLinkedQueue<Runnable> results = new ConcurrentLinkedQueue<>();

    void begin(Container container, Instant start, Function<Probe, CompletableFuture<Optional<String>>> attempt) {
        results = new ConcurrentLinkedQueue<>();
        startup = worker(container.getStartupProbe(), start, attempt);
        liveness = worker(container.getLivenessProbe(), start, attempt);
        readiness = worker(container.getReadinessProbe(), start, attempt);
    }

    private static Optional<ProbeWorker> worker(
            Probe probe, Instant start, Function<Probe, CompletableFuture<Optional<String>>> attempt) {
        return Optional.ofNullable(probe).map(spec -> new ProbeWorker(spec, start, () -> attempt.apply(spec)));
    }

    /** Takes in results and makes the tries that are due; answers when the next one is. */
    Instant run(Instant now, Runnable changed) {
        for (var result = results.poll(); result != null; result = results.poll()) {
            result.run();
        }
        var next = now.plus(IDLE);
        if (!isStarted()) {
            return run(startup, now, next, changed);
        }
        return run(readiness, now, run(liveness, now, next, changed), changed);
    }

    private Instant run(Optional<ProbeWorker> probe, Instant now, Instant next, Runnable changed) {
        if (probe.isEmpty()) {
            return next;
        }
        var target = results;
        var due = probe.get().run(now, result -> {
            target.add(() -> probe.get().record(result));
            changed.run();
        });
        return due.isBefore(next) ? due : next;
    }

    boolean isStarted() {
        return startup.isEmpty() || startup.get().verdict() == Verdict.SUCCESS;
    }

    boolean isReady() {
        return isStarted() && (readiness.isEmpty() || readiness.get().verdict() == Verdict.SUCCESS);
    }

    /** Whether the container must be killed. */
    boolean isDead() {
        return failed(startup) || failed(liveness);
    }

    private static boolean failed(Optional<ProbeWorker> probe) {
        return probe.isPresent() && probe.get().verdict() == Verdict.FAILURE;
    }

    String message() {
        return failed(startup)
                ? startup.get().message()
                : liveness.map(ProbeWorker::message).orElse("");
    }
}
