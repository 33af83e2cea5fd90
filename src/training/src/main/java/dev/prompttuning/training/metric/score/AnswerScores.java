package dev.prompttuning.training.metric.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;

/**
 * SQuAD's two measures of answers. Both look past case, ASCII punctuation, English articles and white space, and take the best of a
 * question's right answers. A question without an answer is answered rightly by an empty text only, as in SQuAD 2.0.
 *
 * @param exactMatch share of answers that equal a right one
 * @param f1 mean F1 of the words that answers have in common with a right one
 */
public record AnswerScores(double exactMatch, double f1) {

    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ARTICLE = Pattern.compile("\\b(?:a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /**
     * @param gold the right answers of each question, none where the text holds no answer
     * @param predicted an answer for each question
     */
    public static AnswerScores of(List<List<String>> gold, List<String> predicted) {
        double exact = 0;
        double f1 = 0;
        for (int i = 0; i < gold.size(); i++) {
            exact += best(gold.get(i), predicted.get(i), (one, other) -> one.equals(other) ? 1 : 0);
            f1 += best(gold.get(i), predicted.get(i), AnswerScores::f1);
        }
        int count = Math.max(1, gold.size());
        return new AnswerScores(exact / count, f1 / count);
    }

    private static double best(
            List<String> gold, String predicted, ToDoubleBiFunction<List<String>, List<String>> measure) {
        List<String> words = words(predicted);
        // As in SQuAD's script, an answer of nothing but articles and punctuation is none.
        List<List<String>> right = new ArrayList<>(gold.stream()
                .map(AnswerScores::words)
                .filter(answer -> !answer.isEmpty())
                .toList());
        if (right.isEmpty()) {
            right.add(List.of());
        }
        return right.stream()
                .mapToDouble(answer -> measure.applyAsDouble(answer, words))
                .max()
                .orElseThrow();
    }

    private static double f1(List<String> gold, List<String> predicted) {
        if (gold.isEmpty() || predicted.isEmpty()) {
            return gold.equals(predicted) ? 1 : 0;
        }
        return Overlap.of(gold, predicted).f1();
    }

    /** The words of an answer that are compared. */
    static List<String> words(String answer) {
        String plain = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
        String bare = ARTICLE.matcher(plain).replaceAll(" ");
        return Arrays.stream(SPACE.split(bare)).filter(word -> !word.isEmpty()).toList();
    }
}
