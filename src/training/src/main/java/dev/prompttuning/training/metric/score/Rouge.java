package dev.prompttuning.training.metric.score;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;

/**
 * Mean F1 of what texts have in common with the right ones (Lin, 2004), as rouge_score computes it without stemming: words are runs
 * of ASCII letters and digits, in lower case. Texts in other scripts have no words for it and score 0.
 *
 * @param rouge1 of single words
 * @param rouge2 of pairs of neighbours
 * @param rougeL of the longest common subsequence
 */
public record Rouge(double rouge1, double rouge2, double rougeL) {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");

    /**
     * @param gold the right text of each row
     * @param predicted a text for each row
     */
    public static Rouge of(List<String> gold, List<String> predicted) {
        List<List<String>> right = gold.stream().map(Rouge::words).toList();
        List<List<String>> said = predicted.stream().map(Rouge::words).toList();
        return new Rouge(
                mean(right, said, (one, other) -> ngramF1(one, other, 1)),
                mean(right, said, (one, other) -> ngramF1(one, other, 2)),
                mean(right, said, Rouge::subsequenceF1));
    }

    private static double mean(
            List<List<String>> gold,
            List<List<String>> predicted,
            ToDoubleBiFunction<List<String>, List<String>> measure) {
        double sum = 0;
        for (int row = 0; row < gold.size(); row++) {
            sum += measure.applyAsDouble(gold.get(row), predicted.get(row));
        }
        return sum / Math.max(1, gold.size());
    }

    private static double ngramF1(List<String> gold, List<String> predicted, int n) {
        return Overlap.of(Ngrams.of(gold, n), Ngrams.of(predicted, n)).f1();
    }

    private static double subsequenceF1(List<String> gold, List<String> predicted) {
        return new Overlap(longestCommon(gold, predicted), gold.size(), predicted.size()).f1();
    }

    private static int longestCommon(List<String> one, List<String> other) {
        int[] before = new int[other.size() + 1];
        for (String word : one) {
            int[] now = new int[other.size() + 1];
            for (int j = 0; j < other.size(); j++) {
                now[j + 1] = word.equals(other.get(j)) ? before[j] + 1 : Math.max(before[j + 1], now[j]);
            }
            before = now;
        }
        return before[other.size()];
    }

    private static List<String> words(String text) {
        return Arrays.stream(BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
