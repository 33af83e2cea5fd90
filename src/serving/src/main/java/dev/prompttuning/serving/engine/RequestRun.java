package dev.prompttuning.serving.engine;

import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import dev.prompttuning.transformers.generation.Continuation;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.GenerationListener;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.ScoredToken;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Makes the answers of one request, one after the other. */
final class RequestRun {
    private final LanguageModel model;
    private final TextCodec codec;
    private final GenerationRequest request;
    private final AnswerListener listener;
    private final ServingMetrics.Request metrics;
    private final BooleanSupplier cancelled;
    private int completionTokens;

    RequestRun(
            LanguageModel model,
            TextCodec codec,
            GenerationRequest request,
            AnswerListener listener,
            ServingMetrics.Request metrics,
            BooleanSupplier cancelled) {
        this.model = model;
        this.codec = codec;
        this.request = request;
        this.listener = listener;
        this.metrics = metrics;
        this.cancelled = cancelled;
    }

    /** The tokens used, or nothing when the request was cancelled. */
    Optional<Usage> run() {
        int promptTokens = 0;
        for (int prompt = 0; prompt < request.prompts().size(); prompt++) {
            long[] ids = request.prompts().get(prompt);
            promptTokens += ids.length;
            for (int choice = 0; choice < request.n(); choice++) {
                FinishReason reason = answer(prompt * request.n() + choice, ids);
                if (cancelled.getAsBoolean()) {
                    return Optional.empty();
                }
                metrics.finished(reason);
                listener.finished(prompt * request.n() + choice, reason);
            }
        }
        return Optional.of(new Usage(promptTokens, completionTokens));
    }

    private FinishReason answer(int index, long[] prompt) {
        if (request.settings().isEmpty()) {
            return FinishReason.LENGTH;
        }
        GenerationSettings settings = request.settings(request.settings().get(), index);
        Opening opening = model.begin(request.prefix(), prompt);
        Continuation answer = new Continuation(opening.tokens(), settings, codec.decoder(), new Texts(index));
        try (DecodeSession session = opening.session()) {
            metrics.forward(opening.tokensRun());
            long[] next = opening.tokens();
            while (!answer.isFinished() && !cancelled.getAsBoolean()) {
                metrics.forward(next.length);
                next = new long[] {
                    answer.advance(session.feed(new long[][] {next})[0]).id()
                };
                completionTokens++;
            }
        }
        return answer.result().finishReason() == dev.prompttuning.transformers.generation.FinishReason.STOP
                ? FinishReason.STOP
                : FinishReason.LENGTH;
    }

    /** Hands on the text of one answer. */
    private final class Texts implements GenerationListener {
        private final int index;

        Texts(int index) {
            this.index = index;
        }

        @Override
        public void onToken(ScoredToken token, String text) {
            metrics.token();
            onEnd(text);
        }

        @Override
        public void onEnd(String text) {
            if (!text.isEmpty()) {
                listener.text(index, text);
            }
        }
    }
}
