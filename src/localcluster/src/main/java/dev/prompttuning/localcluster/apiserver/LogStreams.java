package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code pods/NAME/log}: what is in a pod's log, and what is added to it while a client follows. */
final class LogStreams {
    private static final long POLL_MILLIS = 100;

    private final Vertx vertx;
    private PodLogs logs;

    LogStreams(Vertx vertx) {
        this.vertx = vertx;
    }

    void from(PodLogs source) {
        logs = source;
    }

    /** @throws StatusException 400 when the pod has no log */
    void answer(ApiRequest request, JsonNode pod, HttpServerResponse response) {
        int tail = request.number("tailLines", Integer.MAX_VALUE);
        if (logs == null) {
            throw StatusException.badRequest("there is no node, and so no log");
        }
        try {
            Path file = logs.file(Json.uid(pod), request.flag("previous"));
            InputStream input = Files.newInputStream(file);
            // Asked before reading: what a run has written before its end is then surely read.
            boolean more = request.flag("follow") && logs.grows(file);
            response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
            response.write(tail(input.readAllBytes(), tail));
            goOn(more, input, file, response);
        } catch (IOException e) {
            throw StatusException.badRequest("pod \"%s\" has no log yet".formatted(Json.name(pod)));
        }
    }

    private void goOn(boolean more, InputStream input, Path file, HttpServerResponse response) throws IOException {
        if (more && !response.closed()) {
            vertx.setTimer(POLL_MILLIS, timer -> follow(input, file, response));
        } else {
            input.close();
            response.end();
        }
    }

    private void follow(InputStream input, Path file, HttpServerResponse response) {
        try {
            boolean more = logs.grows(file);
            response.write(Buffer.buffer(input.readAllBytes()));
            goOn(more, input, file, response);
        } catch (IOException e) {
            response.end();
        }
    }

    /** The last so many lines. */
    private static Buffer tail(byte[] bytes, int lines) {
        int from = bytes.length;
        for (int left = lines; left > 0 && from > 0; left--) {
            from--;
            while (from > 0 && bytes[from - 1] != '\n') {
                from--;
            }
        }
        return Buffer.buffer(bytes).slice(from, bytes.length);
    }
}
