package dev.prompttuning.training.metric.score;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Corpus BLEU of n-grams up to four words with brevity penalty (Papineni et al., 2002), from 0 to 100, as sacrebleu's {@code
 * corpus_bleu} computes it by default: words as mteval-v13a parts them, case kept, and {@code exp} smoothing of n-grams that are
 * never right.
 */
public final class Bleu {

    private static final int ORDER = 4;
    private static final List<Rule> RULES = List.of(
            new Rule("([{-~\\[-` -&(-+:-@/])", " $1 "),
            new Rule("([^0-9])([.,])", "$1 $2 "),
            new Rule("([.,])([^0-9])", " $1 $2"),
            new Rule("([0-9])(-)", "$1 $2 "));
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private Bleu() {}

    /**
     * @param gold the right text of each row
     * @param predicted a text for each row
     * @return 0 where not a single word is right
     */
    public static double of(List<String> gold, List<String> predicted) {
        Overlap[] orders = new Overlap[ORDER];
        Arrays.fill(orders, Overlap.NOTHING);
        for (int row = 0; row < gold.size(); row++) {
            List<String> right = words(gold.get(row));
            List<String> said = words(predicted.get(row));
            for (int n = 1; n <= ORDER; n++) {
                orders[n - 1] = orders[n - 1].plus(Overlap.of(Ngrams.of(right, n), Ngrams.of(said, n)));
            }
        }
        return brevityPenalty(orders[0]) * precision(orders);
    }

    /** Texts shorter than the right ones have high precision for free. */
    private static double brevityPenalty(Overlap words) {
        if (words.predicted() >= words.gold()) {
            return 1;
        }
        return words.predicted() == 0 ? 0 : Math.exp(1 - (double) words.gold() / words.predicted());
    }

    /** Geometric mean of the orders' precisions, in percent. */
    private static double precision(Overlap... orders) {
        double logs = 0;
        double smoothing = 1;
        for (Overlap order : orders) {
            if (order.predicted() == 0 || orders[0].common() == 0) {
                return 0;
            }
            if (order.common() == 0) {
                smoothing *= 2;
                logs += Math.log(100 / (smoothing * order.predicted()));
            } else {
                logs += Math.log(100 * order.precision());
            }
        }
        return Math.exp(logs / ORDER);
    }

    /** The words of a text, punctuation apart, as sacrebleu's tokenizer {@code 13a}. */
    static List<String> words(String text) {
        String line = text.stripTrailing()
                .replace("<skipped>", "")
                .replace("-\n", "")
                .replace('\n', ' ')
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        line = " " + line + " ";
        for (Rule rule : RULES) {
            line = rule.pattern().matcher(line).replaceAll(rule.replacement());
        }
        return Arrays.stream(SPACE.split(line)).filter(word -> !word.isEmpty()).toList();
    }

    private record Rule(Pattern pattern, String replacement) {
        Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }
    }
}
