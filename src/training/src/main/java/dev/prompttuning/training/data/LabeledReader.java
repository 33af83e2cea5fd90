package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code text} and {@code label}. A label is one of the names, or its number.
 *
 * @param labels names in the order of their numbers
 * @param maxLength most tokens of a row; a longer text loses its end
 */
public record LabeledReader(Tokenizer tokenizer, Columns columns, List<String> labels, int maxLength)
        implements RowReader<TaskRow> {

    public LabeledReader {
        labels = List.copyOf(labels);
    }

    @Override
    public TaskRow read(JsonNode row) throws RowFormatException {
        String text = columns.required(row, "text");
        long label = number(columns.required(row, "label"), labels);
        TokenizedText whole = tokenizer.tokenize(text);
        TokenizedText tokens = whole.cutTo(maxLength);
        return new TaskRow(
                tokens.ids(),
                tokens.types(),
                new long[] {label},
                tokens == whole ? Cut.NOTHING : Cut.TEXT,
                Optional.of(new TaskText.Labelled(text)));
    }

    @Override
    public TaskRow forTraining(TaskRow row) {
        return row.withoutText();
    }

    /** The number of a label that is given by its name or its number. */
    public static long number(String label, List<String> labels) throws RowFormatException {
        int named = labels.indexOf(label);
        if (named >= 0) {
            return named;
        }
        if (label.matches("\\d{1,6}") && Integer.parseInt(label) < labels.size()) {
            return Integer.parseInt(label);
        }
        throw new RowFormatException("\"" + label + "\" is none of the labels");
    }
}
