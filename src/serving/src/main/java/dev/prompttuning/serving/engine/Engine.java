package dev.prompttuning.serving.engine;

import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.Usage;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the model on one thread, one request after the other in the order of their coming. What else needs the model, such as
 * loading an adapter or closing one, takes its turn among them: so an adapter is closed only when the requests that came before
 * are through.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    private final LanguageModel model;
    private final TextCodec codec;
    private final int maxWaiting;
    private final ServingMetrics metrics;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> new Thread(task, "engine"));

    /** @param maxWaiting requests that may wait; more are refused */
    public Engine(LanguageModel model, TextCodec codec, int maxWaiting, ServingMetrics metrics) {
        this.model = model;
        this.codec = codec;
        this.maxWaiting = maxWaiting;
        this.metrics = metrics;
        metrics.watchQueue(waiting, running);
    }

    /**
     * Takes a request.
     *
     * @throws ApiException status 429 when too many wait, 503 when the server is stopping
     */
    public Ticket submit(GenerationRequest request, AnswerListener listener) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            metrics.refused(request.model());
            throw ApiException.overloaded(maxWaiting, RETRY_AFTER_SECONDS);
        }
        Ticket ticket = new Ticket();
        ServingMetrics.Request measured = metrics.begin(request.model());
        try {
            worker.execute(() -> run(request, listener, ticket, measured));
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
            throw ApiException.unavailable("The server is stopping.");
        }
        return ticket;
    }

    /** Runs a task on the model's thread, behind the requests that came before. */
    public <T> CompletableFuture<T> onModelThread(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        worker.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | LinkageError e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void run(
            GenerationRequest request, AnswerListener listener, Ticket ticket, ServingMetrics.Request measured) {
        waiting.decrementAndGet();
        running.incrementAndGet();
        try {
            if (stopped(ticket)) {
                measured.cancelled();
                return;
            }
            measured.started();
            Optional<Usage> usage =
                    new RequestRun(model, codec, request, listener, measured, () -> stopped(ticket)).run();
            usage.ifPresentOrElse(measured::done, measured::cancelled);
            usage.ifPresent(listener::done);
        } catch (ApiException e) {
            measured.failed();
            listener.failed(e);
        } catch (RuntimeException e) {
            LOG.error("A request to {} failed", request.model(), e);
            measured.failed();
            listener.failed(e);
        } finally {
            running.decrementAndGet();
        }
    }

    /** Whether the model's thread can still take work. */
    public boolean alive() {
        return !worker.isShutdown();
    }

    private boolean stopped(Ticket ticket) {
        return ticket.cancelled.get() || closing.get();
    }

    /** Cancels what runs and what waits, and closes the model on its own thread. */
    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        worker.execute(model::close);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("The model's thread did not end within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A request that was taken. */
    public static final class Ticket {
        private final AtomicBoolean cancelled = new AtomicBoolean();

        private Ticket() {}

        /** Ends it at the next token; its listener hears nothing more but what is on its way. */
        public void cancel() {
            cancelled.set(true);
        }
    }
}
