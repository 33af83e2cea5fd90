package dev.prompttuning.transformers.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a family tells tokens' places apart, beyond what its embeddings do.
 *
 * @param rotary rotation of queries and keys
 * @param alibi bias by distance
 * @param window how far back the windowed layers see
 * @param bothWays whether tokens see those behind them too
 * @param numbersPadding whether padding takes positions of its own behind a row's tokens, rather than position -1; it tells only
 *     where someone looks at what becomes of padding
 */
public record Positioning(
        Optional<Rotary> rotary, Optional<Alibi> alibi, OptionalInt window, boolean bothWays, boolean numbersPadding) {

    private static Positioning forward(Optional<Rotary> rotary, Optional<Alibi> alibi, OptionalInt window) {
        return new Positioning(rotary, alibi, window, false, true);
    }

    /** An encoder's, whose embeddings tell positions. */
    public static Positioning encoder(boolean numbersPadding) {
        return new Positioning(Optional.empty(), Optional.empty(), OptionalInt.empty(), true, numbersPadding);
    }

    public static Positioning rotary(Rotary rotary, OptionalInt window) {
        return forward(Optional.of(rotary), Optional.empty(), window);
    }

    public static Positioning alibi(Alibi alibi) {
        return forward(Optional.empty(), Optional.of(alibi), OptionalInt.empty());
    }

    public static Positioning embedded() {
        return forward(Optional.empty(), Optional.empty(), OptionalInt.empty());
    }
}
