package dev.prompttuning.training.metric;

/** A choice among scores. */
final class Probabilities {

    private Probabilities() {}

    /** The first of the highest scores. */
    static int likeliest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The softmax of scores at one place. */
    static double of(float[] scores, int place) {
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp((double) score - scores[place]);
        }
        return 1 / sum;
    }
}
