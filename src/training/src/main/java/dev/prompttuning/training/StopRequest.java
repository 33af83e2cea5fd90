package dev.prompttuning.training;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a running training to save a checkpoint after its current step and end. {@link #onTermination} does so when the process
 * is told to terminate, and holds the process until the training has ended.
 */
public final class StopRequest {

    private volatile boolean requested;

    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
    }

    /**
     * Requests the stop at the process's SIGTERM.
     *
     * @param graceSeconds how long the process waits for the training to end
     * @return to be closed when the training has ended
     */
    public Watch onTermination(long graceSeconds) {
        return new Watch(this, graceSeconds);
    }

    /** A wait for the end of a training; closing it is that end. */
    public static final class Watch implements AutoCloseable {
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread hook;

        private Watch(StopRequest stop, long graceSeconds) {
            hook = new Thread(
                    () -> {
                        stop.request();
                        await(graceSeconds);
                    },
                    "stop-training");
            Runtime.getRuntime().addShutdownHook(hook);
        }

        private void await(long seconds) {
            try {
                ended.await(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is going down already: the hook is running, and has just been let go.
                Thread.yield();
            }
        }
    }
}
