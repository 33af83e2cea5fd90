package dev.prompttuning.trainer.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import dev.prompttuning.serving.service.PreparedRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.Set;

/** An answer sent as server-sent events while it is made. */
final class StreamedAnswer extends Answer {
    private final Set<Integer> opened = new HashSet<>();

    StreamedAnswer(HttpServerResponse response, PreparedRequest request, Context eventLoop) {
        super(response, request, eventLoop);
    }

    @Override
    void addText(int index, String text) {
        open(index);
        event(request().format().text(index, text));
    }

    @Override
    void finish(int index, FinishReason reason) {
        open(index);
        event(request().format().finish(index, reason));
    }

    @Override
    void end(Usage usage) {
        if (request().delivery().includeUsage()) {
            event(request().format().usage(usage));
        }
        response().end("data: [DONE]\n\n");
    }

    /** Before the first event the status can still tell; afterwards the error is an event, and no {@code [DONE]} follows. */
    @Override
    void end(ApiException error) {
        if (response().headWritten()) {
            response().end("data: " + error.body() + "\n\n");
        } else {
            OpenAiRoutes.send(response(), error);
        }
    }

    private void open(int index) {
        if (opened.add(index)) {
            request().format().opening(index).ifPresent(this::event);
            if (!request().echo(index).isEmpty()) {
                event(request().format().text(index, request().echo(index)));
            }
        }
    }

    private void event(ObjectNode chunk) {
        if (!response().headWritten()) {
            response()
                    .setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-cache")
                    .putHeader("X-Accel-Buffering", "no");
        }
        response().write("data: " + chunk + "\n\n");
    }
}
