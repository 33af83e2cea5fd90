package dev.prompttuning.transformers.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a family tells tokens' places apart, beyond what its embeddings do.
 *
 * @param rotary rotation of queries and keys
 * @param bias what is added to attention scores
 * @param window how far back the windowed layers see
 * @param bothWays whether tokens see those behind them too
 * @param numbersPadding whether padding takes positions of its own behind a row's tokens, rather than position -1; it tells only
 *     where someone looks at what becomes of padding
 */
public record Positioning(
        Optional<Rotary> rotary,
        Optional<PositionBias> bias,
        OptionalInt window,
        boolean bothWays,
        boolean numbersPadding) {

    private static Positioning forward(Optional<Rotary> rotary, Optional<PositionBias> bias, OptionalInt window) {
        return new Positioning(rotary, bias, window, false, true);
    }

    /** An encoder's, whose embeddings tell positions. */
    public static Positioning encoder(boolean numbersPadding) {
        return new Positioning(Optional.empty(), Optional.empty(), OptionalInt.empty(), true, numbersPadding);
    }

    public static Positioning rotary(Rotary rotary, OptionalInt window) {
        return forward(Optional.of(rotary), Optional.empty(), window);
    }

    /** By a bias alone, of a model whose tokens see those before them. */
    public static Positioning biased(PositionBias bias) {
        return forward(Optional.empty(), Optional.of(bias), OptionalInt.empty());
    }

    /** By a bias alone, of an encoder. */
    public static Positioning biasedEncoder(PositionBias bias) {
        return new Positioning(Optional.empty(), Optional.of(bias), OptionalInt.empty(), true, true);
    }

    public static Positioning embedded() {
        return forward(Optional.empty(), Optional.empty(), OptionalInt.empty());
    }
}
