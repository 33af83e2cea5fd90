package dev.prompttuning.trainer.http;

import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.Choice;
import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import dev.prompttuning.serving.service.PreparedRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/** An answer sent in one piece. */
final class WholeAnswer extends Answer {
    private final List<StringBuilder> texts = new ArrayList<>();
    private final List<Choice> choices = new ArrayList<>();

    WholeAnswer(HttpServerResponse response, PreparedRequest request, Context eventLoop) {
        super(response, request, eventLoop);
        for (int index = 0; index < request.choices(); index++) {
            texts.add(new StringBuilder(request.echo(index)));
        }
    }

    @Override
    void addText(int index, String text) {
        texts.get(index).append(text);
    }

    @Override
    void finish(int index, FinishReason reason) {
        choices.add(new Choice(index, texts.get(index).toString(), reason));
    }

    @Override
    void end(Usage usage) {
        OpenAiRoutes.send(response(), 200, request().format().answer(choices, usage));
    }

    @Override
    void end(ApiException error) {
        OpenAiRoutes.send(response(), error);
    }
}
