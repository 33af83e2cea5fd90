package dev.prompttuning.transformers.generation;

/** Softmax in double precision over one row of scores. */
final class Softmax {

    private Softmax() {}

    static float max(float[] scores) {
        float max = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            if (Float.isNaN(score)) {
                throw new IllegalStateException(
                        "the model produced a score that is not a number; its weights or the prompt are damaged");
            }
            max = Math.max(max, score);
        }
        if (Float.isInfinite(max)) {
            throw new IllegalStateException("no token is left to choose from, every score is infinite");
        }
        return max;
    }

    static int argmax(float[] scores) {
        float max = max(scores);
        int best = 0;
        while (scores[best] != max) {
            best++;
        }
        return best;
    }

    static double[] probabilities(float[] scores) {
        float max = max(scores);
        double[] probabilities = new double[scores.length];
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = scores[i] == Float.NEGATIVE_INFINITY ? 0 : Math.exp(scores[i] - max);
            sum += probabilities[i];
        }
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** log(sum(exp(scores))). */
    static double logSumExp(float[] scores) {
        float max = max(scores);
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score - max);
        }
        return max + Math.log(sum);
    }
}
