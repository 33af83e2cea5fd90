package dev.prompttuning.training.verbalizer;

import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a language model is asked for labels, and what it answers. */
public final class Verbalizer {
    private final RowEncoder encoder;
    private final List<String> labels;
    private final List<LabelTemplate> templates;
    /** Tokens by template, label and word, the end token included: no answer is the beginning of another. */
    private final int[][][][] answers;

    /**
     * @param labels in the order of their numbers
     * @param words of each label; the first is learned
     * @throws UserMistakeException when two labels have the same word, or a template cannot be used
     */
    public Verbalizer(
            RowEncoder encoder, List<String> labels, List<String> templates, Map<String, List<String>> words) {
        this.encoder = encoder;
        this.labels = List.copyOf(labels);
        this.templates = templates.stream().map(LabelTemplate::of).toList();
        refuseSameWords(words);
        this.answers = this.templates.stream()
                .map(template -> labels.stream()
                        .map(label -> words.get(label).stream()
                                .map(word -> encoder.answerTokens(template.answer(word)))
                                .toArray(int[][]::new))
                        .toArray(int[][][]::new))
                .toArray(int[][][][]::new);
        if (longestAnswer() >= encoder.maxLength()) {
            throw new UserMistakeException("dataset.maxLength is " + encoder.maxLength()
                    + ", which leaves no room for a text in front of the longest of dataset.verbalizers; raise it.");
        }
    }

    private void refuseSameWords(Map<String, List<String>> words) {
        Map<String, String> owners = new HashMap<>();
        for (String label : labels) {
            for (String word : words.get(label)) {
                String other = owners.putIfAbsent(word.strip(), label);
                if (other != null) {
                    throw new UserMistakeException("dataset.verbalizers has \"" + word + "\" for " + other + " and for "
                            + label + "; no two words may be the same.");
                }
            }
        }
    }

    RowEncoder encoder() {
        return encoder;
    }

    public List<String> labels() {
        return labels;
    }

    List<LabelTemplate> templates() {
        return templates;
    }

    int words(int label) {
        return answers[0][label].length;
    }

    int longestAnswer() {
        return Arrays.stream(answers)
                .flatMap(Arrays::stream)
                .flatMap(Arrays::stream)
                .mapToInt(answer -> answer.length)
                .max()
                .orElseThrow();
    }

    /** What is learned: each row asked in each way, one row's ways together. */
    public List<EncodedRow> learned(List<VerbalizedRow> rows) {
        List<EncodedRow> learned = new ArrayList<>();
        for (VerbalizedRow row : rows) {
            for (int template = 0; template < templates.size(); template++) {
                learned.add(encoder.row(row.prompts()[template], answers[template][row.label()][0], row.cut()));
            }
        }
        return learned;
    }

    /** A possible answer, of which all tokens behind the prompt are scored. */
    EncodedRow candidate(VerbalizedRow row, int template, int label, int word) {
        int[] prompt = row.prompts()[template];
        int[] answer = answers[template][label][word];
        int[] tokens = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, tokens, prompt.length, answer.length);
        return new EncodedRow(tokens, prompt.length, prompt.length, Cut.NOTHING);
    }
}
