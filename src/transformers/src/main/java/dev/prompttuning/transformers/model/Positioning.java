package dev.prompttuning.transformers.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a family tells tokens' places apart, beyond what its embeddings do.
 *
 * @param rotary rotation of queries and keys
 * @param alibi bias by distance
 * @param window how far back the windowed layers see
 */
public record Positioning(Optional<Rotary> rotary, Optional<Alibi> alibi, OptionalInt window) {

    public static Positioning rotary(Rotary rotary, OptionalInt window) {
        return new Positioning(Optional.of(rotary), Optional.empty(), window);
    }

    public static Positioning alibi(Alibi alibi) {
        return new Positioning(Optional.empty(), Optional.of(alibi), OptionalInt.empty());
    }

    public static Positioning embedded() {
        return new Positioning(Optional.empty(), Optional.empty(), OptionalInt.empty());
    }
}
