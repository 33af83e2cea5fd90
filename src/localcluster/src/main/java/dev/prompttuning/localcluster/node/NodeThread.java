package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which the controllers and the kubelet take turns, so that none of them needs a lock. A turn that
 * fails is made good by a later one.
 */
final class NodeThread implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(NodeThread.class.getName());

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, NodeThread::daemon, new DiscardPolicy());

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "localcluster-node");
        thread.setDaemon(true);
        return thread;
    }

    void run(Runnable turn) {
        thread.execute(() -> attempt(turn));
    }

    void repeat(Runnable turn, long millis) {
        thread.scheduleWithFixedDelay(() -> attempt(turn), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Keeps a failure from what comes after it. */
    void attempt(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException e) {
            // That someone else has deleted or changed the object meanwhile is everyday life.
            var level = thread.isShutdown() || e instanceof KubernetesClientException ? Level.DEBUG : Level.WARNING;
            LOG.log(level, "will be tried again", e);
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
