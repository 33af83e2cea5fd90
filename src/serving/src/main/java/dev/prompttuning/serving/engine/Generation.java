package dev.prompttuning.serving.engine;

import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Makes the answers of one request, one after the other. */
final class Generation {
    private final LanguageModel model;
    private final TextCodec codec;
    private final GenerationRequest request;
    private final AnswerListener listener;
    private final ServingMetrics.Request metrics;
    private final BooleanSupplier cancelled;
    private int completionTokens;

    Generation(
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

    /** Returns the tokens used, or null when the request was cancelled. */
    Usage run() {
        int promptTokens = 0;
        for (int prompt = 0; prompt < request.prompts().size(); prompt++) {
            long[] ids = request.prompts().get(prompt);
            promptTokens += ids.length;
            for (int choice = 0; choice < request.n(); choice++) {
                answer(prompt * request.n() + choice, ids);
                if (cancelled.getAsBoolean()) {
                    return null;
                }
            }
        }
        return new Usage(promptTokens, completionTokens);
    }

    private void answer(int index, long[] prompt) {
        AnswerPlan plan = request.plan();
        AnswerText text = new AnswerText(codec.decoder(), plan.stop());
        FinishReason reason = FinishReason.LENGTH;
        if (plan.maxTokens() > 0) {
            try (LanguageModel.Sequence sequence = model.begin(request.prefix())) {
                reason = decode(index, sequence, prompt, text);
            }
        }
        if (!cancelled.getAsBoolean()) {
            send(index, text.finish());
            metrics.finished(reason);
            listener.finished(index, reason);
        }
    }

    private FinishReason decode(int index, LanguageModel.Sequence sequence, long[] prompt, AnswerText text) {
        AnswerPlan plan = request.plan();
        TokenChooser chooser = plan.choosers().apply(index);
        long[] tokens = Arrays.copyOf(prompt, prompt.length + plan.maxTokens());
        int length = prompt.length;
        float[] scores = feed(sequence, prompt);
        while (!cancelled.getAsBoolean()) {
            forbidEnd(scores, length - prompt.length);
            long token = chooser.choose(scores, Arrays.copyOf(tokens, length));
            metrics.token();
            completionTokens++;
            if (plan.endTokens().contains(token)) {
                return FinishReason.STOP;
            }
            tokens[length++] = token;
            send(index, text.add(token));
            if (text.stopped()) {
                return FinishReason.STOP;
            }
            if (length == tokens.length) {
                return FinishReason.LENGTH;
            }
            scores = feed(sequence, new long[] {token});
        }
        return FinishReason.LENGTH;
    }

    private float[] feed(LanguageModel.Sequence sequence, long[] tokens) {
        metrics.forward(tokens.length);
        return sequence.feed(tokens);
    }

    private void forbidEnd(float[] scores, int answered) {
        if (answered < request.plan().minTokens()) {
            for (long token : request.plan().endTokens()) {
                if (token < scores.length) {
                    scores[(int) token] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    private void send(int index, String text) {
        if (!text.isEmpty()) {
            listener.text(index, text);
        }
    }
}
