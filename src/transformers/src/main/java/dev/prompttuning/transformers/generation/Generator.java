package dev.prompttuning.transformers.generation;

import java.util.List;
import java.util.function.BooleanSupplier;

/** The generation loop over one session. */
public final class Generator {

    private Generator() {}

    /** Tokens only, to the end. */
    public static Generation generate(DecodeSession session, long[] promptTokens, GenerationSettings settings) {
        return generate(session, promptTokens, settings, null, GenerationListener.SILENT, () -> false);
    }

    /**
     * Feeds the prompt to a fresh session and goes on until a stop token, a stop string or the limit.
     *
     * @param session one row, nothing fed yet but perhaps a virtual prompt; the caller closes it
     * @param decoder makes text of tokens, or null
     * @param cancelled asked before every step
     */
    public static Generation generate(
            DecodeSession session,
            long[] promptTokens,
            GenerationSettings settings,
            TextDecoder decoder,
            GenerationListener listener,
            BooleanSupplier cancelled) {
        if (promptTokens.length == 0) {
            throw new IllegalArgumentException("the prompt has no tokens; give it at least one");
        }
        if (settings.beams().numBeams() > 1) {
            return beams(session, promptTokens, settings, decoder, listener, cancelled);
        }
        Continuation row = new Continuation(promptTokens, settings, decoder, listener);
        long[] next = promptTokens;
        while (!row.isFinished()) {
            if (cancelled.getAsBoolean()) {
                row.cancel();
                break;
            }
            next = new long[] {row.advance(session.feed(new long[][] {next})[0]).id()};
        }
        return row.result();
    }

    /** Which beam wins is known at the end only, so the text comes in one piece. */
    private static Generation beams(
            DecodeSession session,
            long[] promptTokens,
            GenerationSettings settings,
            TextDecoder decoder,
            GenerationListener listener,
            BooleanSupplier cancelled) {
        List<Generation> found = new BeamSearch(session, settings).search(promptTokens, cancelled);
        if (found.isEmpty()) {
            return new Generation(new long[0], "", FinishReason.CANCELLED, List.of(), 0);
        }
        Generation best = found.get(0);
        if (decoder == null) {
            return best;
        }
        StringBuilder text = new StringBuilder();
        for (long id : best.tokens()) {
            if (!settings.stopping().tokenIds().contains((int) id)) {
                text.append(decoder.add(id));
            }
        }
        text.append(decoder.flush());
        listener.onEnd(text.toString());
        return new Generation(best.tokens(), text.toString(), best.finishReason(), best.scores(), best.score());
    }
}
