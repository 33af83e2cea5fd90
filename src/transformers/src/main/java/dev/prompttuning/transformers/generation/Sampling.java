package dev.prompttuning.transformers.generation;

/**
 * How one token is drawn from the scores.
 *
 * @param doSample false takes the highest score (greedy) and ignores the other fields
 * @param temperature divides the logits; 0 means greedy
 * @param topK keeps the k highest scores (and what ties with the last); 0 keeps all
 * @param topP keeps the smallest set whose probability reaches topP; 1 keeps all
 * @param minP keeps tokens of at least minP times the highest probability; 0 keeps all
 * @param seed the same seed gives the same tokens from the same scores
 */
public record Sampling(boolean doSample, double temperature, int topK, double topP, double minP, long seed) {

    public static final Sampling GREEDY = new Sampling(false, 1, 0, 1, 0, 0);

    public Sampling {
        Range.check("temperature", temperature, 0, Double.MAX_VALUE);
        Range.check("top_k", topK, 0, Integer.MAX_VALUE);
        Range.check("top_p", topP, 0, 1);
        Range.check("min_p", minP, 0, 1);
    }

    public static Sampling of(double temperature, int topK, double topP, long seed) {
        return new Sampling(true, temperature, topK, topP, 0, seed);
    }

    public boolean greedy() {
        return !doSample || temperature == 0;
    }
}
