package dev.prompttuning.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.data.EncodedRow.Cut;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class Seq2SeqReaderTest {

    private static final long END = 1;
    /** A token for each character, and, with special tokens, the end token behind them. */
    private static final TextEncoder CHARACTERS = (text, special) -> LongStream.concat(
                    text.chars().asLongStream(), special ? LongStream.of(END) : LongStream.empty())
            .toArray();

    private static Seq2SeqRow read(TextEncoder encoder, String prompt, String completion)
            throws IOException, RowFormatException {
        RowFormat format = new RowFormat.PromptCompletion(Optional.empty(), Columns.STANDARD);
        return new Seq2SeqReader(format, encoder, END, 4)
                .read(new ObjectMapper()
                        .readTree("{\"prompt\":\"%s\",\"completion\":\"%s\"}".formatted(prompt, completion)));
    }

    private static void assertRow(Seq2SeqRow row, Cut cut, int[] source, int... target) {
        assertArrayEquals(source, row.sourceIds());
        assertArrayEquals(target, row.targetIds());
        assertEquals(cut, row.cut());
        assertEquals(source.length + target.length, row.length());
    }

    @Test
    void bothTextsEndAndTheAnswerBeginsWithoutABlank() throws IOException, RowFormatException {
        assertRow(read(CHARACTERS, "abc", " yz"), Cut.NOTHING, new int[] {'a', 'b', 'c', 1}, 'y', 'z', 1);
    }

    @Test
    void whatIsTooLongLosesItsEnd() throws IOException, RowFormatException {
        assertRow(read(CHARACTERS, "abcdef", "xyz"), Cut.TEXT, new int[] {'a', 'b', 'c', 1}, 'x', 'y', 'z', 1);
        assertRow(read(CHARACTERS, "abcdef", "wxyz"), Cut.ANSWER, new int[] {'a', 'b', 'c', 1}, 'w', 'x', 'y', 'z');
        TextEncoder endless = (text, special) -> CHARACTERS.encode(text, false);
        assertRow(read(endless, "abcdef", "xyz"), Cut.TEXT, new int[] {'a', 'b', 'c', 'd'}, 'x', 'y', 'z', 1);
    }

    @Test
    void aPromptWithoutTokensIsNoRow() {
        TextEncoder endless = (text, special) -> CHARACTERS.encode(text, false);
        assertThrows(RowFormatException.class, () -> read(endless, "", "x"));
    }
}
