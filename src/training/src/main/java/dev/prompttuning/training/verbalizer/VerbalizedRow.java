package dev.prompttuning.training.verbalizer;

import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.Row;
import java.util.Arrays;

/**
 * A labelled text, asked in several ways.
 *
 * @param prompts tokens by template
 * @param label its number
 * @param longestAnswer tokens that may stand behind a prompt
 * @param text what was asked first, for files of predictions
 */
public record VerbalizedRow(int[][] prompts, int label, int longestAnswer, Cut cut, String text) implements Row {

    @Override
    public int length() {
        return longestAnswer
                + Arrays.stream(prompts).mapToInt(prompt -> prompt.length).max().orElse(0);
    }

    @Override
    public boolean isLabelled() {
        return true;
    }
}
