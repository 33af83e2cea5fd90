package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which the controllers and the kubelet take turns, so that none of them needs a lock. A turn that
 * fails is made good by a later one.
 */
final class NodeThread implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(NodeThread.class.getName());

    /** Not found, and changed by someone else meanwhile: the everyday life of a cluster. */
    private static final Set<Integer> PASSING = Set.of(404, 409);

    /** What one of them does when it is its turn. */
    @FunctionalInterface
    interface Turn {
        void take() throws IOException;
    }

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, NodeThread::daemon, new DiscardPolicy());

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "localcluster-node");
        thread.setDaemon(true);
        return thread;
    }

    void repeat(Turn turn, long millis) {
        thread.scheduleWithFixedDelay(() -> attempt(turn), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Keeps a failure from what comes after it. */
    void attempt(Turn turn) {
        try {
            turn.take();
        } catch (IOException | RuntimeException e) {
            var passing = e instanceof KubernetesClientException answer && PASSING.contains(answer.getCode());
            LOG.log(passing || thread.isShutdown() ? Level.DEBUG : Level.WARNING, "will be tried again", e);
        }
    }

    /** Ends the thread after its present turn. */
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
