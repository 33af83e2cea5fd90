package dev.prompttuning.transformers.generation;

/**
 * Beam search. A finished sequence of n new tokens scores {@code sum of log probabilities / n^lengthPenalty}.
 *
 * @param numBeams 1 is no beam search
 */
public record Beams(int numBeams, double lengthPenalty, EarlyStopping earlyStopping) {

    public static final Beams NONE = new Beams(1, 1, EarlyStopping.HEURISTIC);

    public Beams {
        Range.check("num_beams", numBeams, 1, 64);
    }

    public static Beams of(int numBeams) {
        return new Beams(numBeams, 1, EarlyStopping.HEURISTIC);
    }
}
