package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Calls a reconciler for keys, on one thread. A key added several times before its turn is reconciled once. The
 * reconciler answers after which time it wants to see the key again; a failed call is repeated.
 */
final class WorkQueue implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(WorkQueue.class.getName());
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    /** Not found, and changed by someone else meanwhile: the everyday case of a cluster. */
    private static final Set<Integer> PASSING = Set.of(404, 409);

    private final String name;
    private final Function<String, Optional<Duration>> reconciler;
    private final ScheduledThreadPoolExecutor thread;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    /** The next planned turn of a key; touched by the queue's thread only. */
    private final Map<String, Future<?>> planned = new HashMap<>();

    WorkQueue(String name, Function<String, Optional<Duration>> reconciler) {
        this.name = name;
        this.reconciler = reconciler;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            var result = new Thread(task, "localcluster-" + name);
            result.setDaemon(true);
            return result;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    void add(String key) {
        if (waiting.add(key)) {
            run(() -> reconcile(key));
        }
    }

    /** Runs something between two reconciliations, on their thread. */
    void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.log(Level.WARNING, name, e);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.TRACE, "{0} is closed", name);
        }
    }

    private void reconcile(String key) {
        waiting.remove(key);
        Optional<Duration> again;
        try {
            again = reconciler.apply(key);
        } catch (RuntimeException e) {
            if (thread.isShutdown()) {
                return;
            }
            var passing = e instanceof KubernetesClientException api && (PASSING.contains(api.getCode()));
            LOG.log(
                    passing ? Level.DEBUG : Level.WARNING,
                    () -> name + ": " + key + " failed, will be tried again: " + e);
            LOG.log(Level.DEBUG, name, e);
            again = Optional.of(AFTER_FAILURE);
        }
        var earlier = planned.remove(key);
        if (earlier != null) {
            earlier.cancel(false);
        }
        again.ifPresent(delay -> plan(key, delay));
    }

    private void plan(String key, Duration delay) {
        try {
            planned.put(key, thread.schedule(() -> add(key), delay.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException closed) {
            LOG.log(Level.TRACE, "{0} is closed", name);
        }
    }

    /** Ends the thread after its present task. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
