package dev.prompttuning.training.metric.score;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often which label was taken for which.
 *
 * @param labels by their numbers
 * @param counts {@code [labels][labels]}: rows are the right labels, columns the predicted ones
 */
public record ConfusionMatrix(List<String> labels, long[][] counts) {

    public ConfusionMatrix {
        labels = List.copyOf(labels);
    }

    /**
     * Counts pairs of labels.
     *
     * @param gold numbers of the right labels
     * @param predicted as many numbers
     */
    public static ConfusionMatrix of(List<String> labels, int[] gold, int[] predicted) {
        long[][] counts = new long[labels.size()][labels.size()];
        for (int i = 0; i < gold.length; i++) {
            counts[gold[i]][predicted[i]]++;
        }
        return new ConfusionMatrix(labels, counts);
    }

    /** Share of what is right; 0 of nothing. */
    public double accuracy() {
        long right = labelNumbers().mapToLong(label -> counts[label][label]).sum();
        return ratio(right, total());
    }

    /**
     * F1 over all decisions together. Each has one right and one predicted label, so that it equals the accuracy, as in
     * scikit-learn's {@code f1_score(average="micro")}.
     */
    public double microF1() {
        return accuracy();
    }

    /** Mean F1 of the labels that are right or predicted anywhere, as scikit-learn's {@code f1_score(average="macro")}; 0 of none. */
    public double macroF1() {
        return labelNumbers()
                .filter(label -> gold(label) + predicted(label) > 0)
                .mapToDouble(this::f1)
                .average()
                .orElse(0);
    }

    /** Share of a label's predictions that are right; 0 where it is never predicted. */
    public double precision(int label) {
        return ratio(counts[label][label], predicted(label));
    }

    /** Share of a label's occurrences that are found; 0 where it never occurs. */
    public double recall(int label) {
        return ratio(counts[label][label], gold(label));
    }

    /** Harmonic mean of {@link #precision} and {@link #recall}. */
    public double f1(int label) {
        return ratio(2 * counts[label][label], gold(label) + predicted(label));
    }

    private long gold(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    private long predicted(int label) {
        return labelNumbers().mapToLong(gold -> counts[gold][label]).sum();
    }

    private long total() {
        return labelNumbers().mapToLong(this::gold).sum();
    }

    private IntStream labelNumbers() {
        return IntStream.range(0, labels.size());
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
