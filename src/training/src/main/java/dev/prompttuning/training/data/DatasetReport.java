package dev.prompttuning.training.data;

import dev.prompttuning.training.data.file.RowProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What reading a data set came to.
 *
 * @param used rows that are used
 * @param skipped rows that are not
 * @param promptsCut used rows whose prompt lost its beginning
 * @param answersCut used rows whose answer lost its end
 * @param textsCut used rows whose labelled text lost its end
 * @param firstProblems why rows were skipped, the first {@value #REMEMBERED} of them
 */
public record DatasetReport(
        int used, int skipped, int promptsCut, int answersCut, int textsCut, List<RowProblem> firstProblems) {

    static final int REMEMBERED = 20;

    public DatasetReport {
        firstProblems = List.copyOf(firstProblems);
    }

    /** For a person: the problems line by line, then the counts. */
    public List<String> lines(int maxLength) {
        List<String> lines = new ArrayList<>();
        firstProblems.forEach(problem -> lines.add(problem.toString()));
        if (skipped > firstProblems.size()) {
            lines.add(String.format(Locale.ROOT, "… and %,d more", skipped - firstProblems.size()));
        }
        if (skipped > 0) {
            lines.add(String.format(Locale.ROOT, "%,d of %,d rows skipped", skipped, used + skipped));
        }
        if (promptsCut > 0) {
            lines.add(String.format(
                    Locale.ROOT, "%,d prompts cut at their beginning to fit maxLength %d", promptsCut, maxLength));
        }
        if (answersCut > 0) {
            lines.add(String.format(
                    Locale.ROOT, "%,d answers longer than maxLength %d cut at their end", answersCut, maxLength));
        }
        if (textsCut > 0) {
            lines.add(String.format(
                    Locale.ROOT, "%,d texts longer than maxLength %d cut at their end", textsCut, maxLength));
        }
        return lines;
    }
}
