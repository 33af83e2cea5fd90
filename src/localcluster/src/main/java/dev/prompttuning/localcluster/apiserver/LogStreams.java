package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code pods/NAME/log}: reads on a thread of its own, as following a log blocks, and writes on the event loop. */
final class LogStreams {
    private final Vertx vertx;
    private final ExecutorService readers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "pod-log");
        thread.setDaemon(true);
        return thread;
    });
    private PodLogs source = (query, sink) -> {
        throw new NoSuchFileException(query.podUid());
    };

    LogStreams(Vertx vertx) {
        this.vertx = vertx;
    }

    void source(PodLogs logs) {
        source = logs;
    }

    void answer(ApiRequest request, JsonNode pod, HttpServerResponse response) {
        int tail = request.number("tailLines", Integer.MAX_VALUE);
        var query = new PodLogs.Query(Json.uid(pod), request.flag("follow"), request.flag("previous"), tail);
        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
        if (query.follow()) {
            response.write("");
        }
        PodLogs from = source;
        Future<?> reading = readers.submit(() -> read(from, query, response));
        response.closeHandler(closed -> reading.cancel(true));
    }

    private void read(PodLogs from, PodLogs.Query query, HttpServerResponse response) {
        try {
            from.read(query, line -> {
                write(response, line);
                return !Thread.currentThread().isInterrupted() && !response.closed();
            });
        } catch (NoSuchFileException e) {
            write(response, "the container has no log yet");
        } catch (IOException e) {
            write(response, "the log cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        vertx.runOnContext(ignored -> response.end());
    }

    private void write(HttpServerResponse response, String line) {
        vertx.runOnContext(ignored -> {
            if (!response.closed()) {
                response.write(line + "\n");
            }
        });
    }

    void close() {
        readers.shutdownNow();
    }
}
