package dev.prompttuning.training.verbalizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.LabeledReader;
import dev.prompttuning.training.data.RowFormatException;
import dev.prompttuning.training.data.RowReader;
import java.util.Arrays;
import java.util.List;

/** Reads {@code label} and the columns that the templates name. A prompt that is too long loses its beginning. */
public record VerbalizedReader(Verbalizer verbalizer, Columns columns) implements RowReader<VerbalizedRow> {

    @Override
    public VerbalizedRow read(JsonNode row) throws RowFormatException {
        int label = (int) LabeledReader.number(columns.required(row, "label"), verbalizer.labels());
        int room = verbalizer.encoder().maxLength() - verbalizer.longestAnswer();
        List<LabelTemplate> templates = verbalizer.templates();
        int[][] prompts = new int[templates.size()][];
        Cut cut = Cut.NOTHING;
        String first = "";
        for (int template = 0; template < prompts.length; template++) {
            String prompt = templates.get(template).prompt(row, columns);
            first = template == 0 ? prompt : first;
            int[] tokens = verbalizer.encoder().promptTokens(prompt);
            cut = tokens.length > room ? Cut.PROMPT : cut;
            prompts[template] = Arrays.copyOfRange(tokens, Math.max(0, tokens.length - room), tokens.length);
        }
        return new VerbalizedRow(prompts, label, verbalizer.longestAnswer(), cut, first);
    }
}
