package dev.prompttuning.trainer.http;

import dev.prompttuning.serving.engine.AnswerListener;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import dev.prompttuning.serving.service.PreparedRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;

/** Brings what the engine says onto the connection's event loop, where the response is written. */
abstract class Answer implements AnswerListener {
    private final HttpServerResponse response;
    private final PreparedRequest request;
    private final Context eventLoop;

    Answer(HttpServerResponse response, PreparedRequest request, Context eventLoop) {
        this.response = response;
        this.request = request;
        this.eventLoop = eventLoop;
    }

    HttpServerResponse response() {
        return response;
    }

    PreparedRequest request() {
        return request;
    }

    abstract void addText(int index, String text);

    abstract void finish(int index, FinishReason reason);

    abstract void end(Usage usage);

    abstract void end(ApiException error);

    @Override
    public void text(int index, String text) {
        onEventLoop(() -> addText(index, text));
    }

    @Override
    public void finished(int index, FinishReason reason) {
        onEventLoop(() -> finish(index, reason));
    }

    @Override
    public void done(Usage usage) {
        onEventLoop(() -> end(usage));
    }

    @Override
    public void failed(RuntimeException cause) {
        ApiException error = OpenAiRoutes.error(cause);
        onEventLoop(() -> end(error));
    }

    /** Nothing is written to a client that has gone. */
    private void onEventLoop(Runnable writing) {
        eventLoop.runOnContext(nothing -> {
            if (!response.closed() && !response.ended()) {
                writing.run();
            }
        });
    }
}
