package dev.prompttuning.training.metric;

import java.util.List;

/** What a model says to a row, and what is right. Each kind has the same four fields, which files of predictions show. */
public sealed interface Prediction {

    /**
     * A label of a text, or a text that was generated.
     *
     * @param gold what is right
     * @param confidence the label's probability; of a generated text the mean of its tokens'
     */
    record OfText(String input, String gold, String predicted, double confidence) implements Prediction {}

    /**
     * A tag for each word.
     *
     * @param input words
     * @param gold a tag for each word
     * @param predicted a tag for each word
     * @param confidence each predicted tag's probability
     */
    record OfWords(List<String> input, List<String> gold, List<String> predicted, List<Double> confidence)
            implements Prediction {}

    /**
     * An answer that was sought in a text.
     *
     * @param gold right answers; none where the text holds no answer
     * @param predicted empty for no answer
     * @param confidence the product of the probabilities of its first and its last token
     */
    record OfQuestion(Question input, List<String> gold, String predicted, double confidence) implements Prediction {}

    /** A question and the text that is to answer it. */
    record Question(String question, String context) {}
}
