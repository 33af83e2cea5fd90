package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.EncodedRow.Cut;
import java.util.Arrays;

/**
 * Reads rows of which an encoder reads the prompt and a decoder writes the answer. Either is a text of its own: blanks in front of an
 * answer, which other models need to tell words by, mean nothing here.
 *
 * @param endToken learned behind every answer
 * @param maxLength most tokens of the prompt, virtual ones not among them, and most of the answer; what is longer loses its end, but a
 *     prompt keeps the end token that the tokenizer puts behind it
 */
public record Seq2SeqReader(RowFormat format, TextEncoder text, long endToken, int maxLength)
        implements RowReader<Seq2SeqRow> {

    @Override
    public Seq2SeqRow read(JsonNode row) throws RowFormatException {
        Example example = format.example(row);
        int[] source = ids(example.prompt(), true);
        int[] answer = ids(example.answer().stripLeading(), false);
        if (source.length == 0) {
            throw new RowFormatException("its prompt has no tokens");
        }
        int[] target = Arrays.copyOf(answer, answer.length + 1);
        target[answer.length] = Math.toIntExact(endToken);
        if (target.length > maxLength) {
            return new Seq2SeqRow(cut(source), Arrays.copyOf(target, maxLength), Cut.ANSWER);
        }
        return new Seq2SeqRow(cut(source), target, source.length > maxLength ? Cut.TEXT : Cut.NOTHING);
    }

    private int[] ids(String of, boolean addSpecialTokens) {
        return Arrays.stream(text.encode(of, addSpecialTokens))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private int[] cut(int[] source) {
        if (source.length <= maxLength) {
            return source;
        }
        int[] cut = Arrays.copyOf(source, maxLength);
        if (source[source.length - 1] == endToken) {
            cut[maxLength - 1] = source[source.length - 1];
        }
        return cut;
    }
}
