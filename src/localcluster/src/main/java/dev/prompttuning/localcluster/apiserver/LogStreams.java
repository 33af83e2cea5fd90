package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code pods/NAME/log}: reads on a thread of its own, as following a log blocks, and writes on the event loop. */
final class LogStreams {
    private final Vertx vertx;
    private final Clock clock;
    private final ExecutorService readers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "pod-log");
        thread.setDaemon(true);
        return thread;
    });
    private PodLogs source = (query, sink) -> {
        throw new NoSuchFileException(query.container());
    };

    LogStreams(Vertx vertx, Clock clock) {
        this.vertx = vertx;
        this.clock = clock;
    }

    void source(PodLogs logs) {
        source = logs;
    }

    void answer(ApiRequest request, JsonNode pod, HttpServerResponse response) {
        PodLogs.Query query = query(request, pod);
        PodLogs from = source;
        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
        if (query.follow()) {
            response.write("");
        }
        Future<?> reading = readers.submit(() -> read(from, query, response));
        response.closeHandler(closed -> reading.cancel(true));
    }

    private PodLogs.Query query(ApiRequest request, JsonNode pod) {
        int tail = request.number("tailLines", -1);
        int since = request.number("sinceSeconds", -1);
        String sinceTime = request.parameter("sinceTime");
        Optional<Instant> after = since >= 0
                ? Optional.of(clock.instant().minusSeconds(since))
                : sinceTime.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(sinceTime));
        return new PodLogs.Query(
                Json.uid(pod),
                container(request.parameter("container"), pod),
                request.flag("follow"),
                request.flag("previous"),
                tail >= 0 ? OptionalInt.of(tail) : OptionalInt.empty(),
                after,
                request.flag("timestamps"));
    }

    private static String container(String asked, JsonNode pod) {
        List<String> names = new java.util.ArrayList<>();
        Json.at(pod, "spec", "containers")
                .forEach(container -> names.add(container.path("name").asText()));
        if (asked.isEmpty() && names.size() == 1) {
            return names.get(0);
        }
        Json.at(pod, "spec", "initContainers")
                .forEach(container -> names.add(container.path("name").asText()));
        if (asked.isEmpty()) {
            throw StatusException.badRequest("a container name must be specified for pod %s, choose one of: %s"
                    .formatted(Json.name(pod), names));
        }
        if (!names.contains(asked)) {
            throw StatusException.badRequest("container %s is not valid for pod %s".formatted(asked, Json.name(pod)));
        }
        return asked;
    }

    private void read(PodLogs from, PodLogs.Query query, HttpServerResponse response) {
        try {
            from.read(query, line -> {
                vertx.runOnContext(ignored -> write(response, line + "\n"));
                return !Thread.currentThread().isInterrupted() && !response.closed();
            });
        } catch (NoSuchFileException e) {
            String message = "container \"%s\" has no log yet\n".formatted(query.container());
            vertx.runOnContext(ignored -> write(response, message));
        } catch (IOException e) {
            vertx.runOnContext(ignored -> write(response, "the log cannot be read: " + e.getMessage() + "\n"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        vertx.runOnContext(ignored -> {
            if (!response.closed() && !response.ended()) {
                response.end();
            }
        });
    }

    private static void write(HttpServerResponse response, String text) {
        if (!response.closed() && !response.ended()) {
            response.write(text);
        }
    }

    void close() {
        readers.shutdownNow();
    }
}
