package dev.prompttuning.transformers.generation;

import java.util.ArrayList;
import java.util.List;

/**
 * One row on its way: takes logits, gives the next token, knows when to stop. A batching engine holds one per request;
 * {@link Generator} drives a single one.
 */
public final class Continuation {

    private final GenerationSettings settings;
    private final TextDecoder decoder;
    private final GenerationListener listener;
    private final TokenSelector selector;
    private final StopStrings stopStrings;
    private final StringBuilder text = new StringBuilder();
    private final List<ScoredToken> scores = new ArrayList<>();
    private FinishReason finished;

    /** @param decoder makes text of tokens; null when nobody wants text (then stop strings are refused) */
    public Continuation(
            long[] promptTokens, GenerationSettings settings, TextDecoder decoder, GenerationListener listener) {
        if (decoder == null && !settings.stopping().strings().isEmpty()) {
            throw new IllegalArgumentException("stop strings need a decoder of tokens into text");
        }
        this.settings = settings;
        this.decoder = decoder;
        this.listener = listener;
        selector = new TokenSelector(promptTokens, settings);
        stopStrings = new StopStrings(settings.stopping().strings());
    }

    /**
     * Chooses the next token. Afterwards {@link #isFinished()} says whether it is to be fed to the model.
     *
     * @param logits {@code [vocab]} after the last token of this row
     */
    public ScoredToken advance(float[] logits) {
        if (finished != null) {
            throw new IllegalStateException("this generation has ended: " + finished);
        }
        ScoredToken token = selector.next(logits);
        if (settings.topLogprobs() >= 0) {
            scores.add(token);
        }
        boolean end = settings.stopping().tokenIds().contains(token.id());
        String shown = end || decoder == null ? "" : stopStrings.add(decoder.add(token.id()));
        text.append(shown);
        listener.onToken(token, shown);
        if (stopStrings.found()) {
            finished = FinishReason.STOP;
        } else if (end) {
            finish(FinishReason.STOP);
        } else if (selector.history().generatedLength() >= settings.stopping().maxNewTokens()) {
            finish(FinishReason.LENGTH);
        }
        return token;
    }

    public void cancel() {
        if (finished == null) {
            finish(FinishReason.CANCELLED);
        }
    }

    private void finish(FinishReason reason) {
        finished = reason;
        if (decoder == null) {
            return;
        }
        String rest = stopStrings.add(decoder.flush());
        if (stopStrings.found()) {
            finished = FinishReason.STOP;
        } else {
            rest += stopStrings.release();
        }
        if (!rest.isEmpty()) {
            text.append(rest);
            listener.onEnd(rest);
        }
    }

    public boolean isFinished() {
        return finished != null;
    }

    /** The result so far; its finish reason is null while the row is still running. */
    public Generation result() {
        return new Generation(selector.history().generated(), text.toString(), finished, List.copyOf(scores), 0);
    }
}
