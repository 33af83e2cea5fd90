package dev.prompttuning.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final RowFormat PAIRS = new RowFormat.PromptCompletion(Optional.empty(), Columns.STANDARD);

    /** One token a character. */
    private static final RowEncoder CHARACTERS = new RowEncoder(DatasetTest::characters, 0, 20, false);

    @TempDir
    Path folder;

    static long[] characters(String text, boolean special) {
        return text.chars().asLongStream().toArray();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Dataset<EncodedRow> read(Path... files) {
        return Dataset.read(List.of(files), PAIRS, CHARACTERS);
    }

    @Test
    void readsLinesAndNamesTheBadOnes() throws IOException {
        Path file = file(
                "train.jsonl",
                "\uFEFF{\"prompt\":\"a\",\"completion\":\"b\"}\r\n\n{\"prompt\":\"a\"}\n{\"prompt\": \"a\", \n[1]\n"
                        + "{\"prompt\":[1],\"completion\":\"b\"}\n{\"prompt\":\"c\",\"completion\":7}");
        Dataset<EncodedRow> data = read(file);
        assertEquals(2, data.rows().size());
        assertArrayEquals(new int[] {'c', '7', 0}, data.rows().get(1).tokenIds());
        assertEquals(4, data.report().skipped());
        List<String> lines = data.report().lines(20);
        assertEquals("train.jsonl:3: there is no \"completion\"", lines.get(0));
        assertTrue(lines.get(1).startsWith("train.jsonl:4: not valid JSON"), lines.get(1));
        assertEquals("train.jsonl:5: not a JSON object", lines.get(2));
        assertEquals("train.jsonl:6: \"prompt\" is not a text", lines.get(3));
        assertEquals("4 of 6 rows skipped", lines.get(4));
    }

    @Test
    void namesALineThatIsNotUtf8() throws IOException {
        Path file = folder.resolve("gbk.jsonl");
        byte[] good = "{\"prompt\":\"a\",\"completion\":\"b\"}\n".getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[good.length + 2];
        System.arraycopy(good, 0, all, 0, good.length);
        all[good.length] = (byte) 0xB4;
        all[good.length + 1] = (byte) 0xF0;
        Files.write(file, all);
        assertEquals(
                "gbk.jsonl:2: not UTF-8",
                read(file).report().firstProblems().get(0).toString());
    }

    @Test
    void readsAnArrayOverSeveralLines() throws IOException {
        Path file = file(
                "train.json",
                " [\n {\"prompt\":\"a\",\n \"completion\":\"b\"},\n 3,\n {\"prompt\":\"c\",\"completion\":\"d\"}]\n");
        Dataset<EncodedRow> data = read(file);
        assertEquals(2, data.rows().size());
        assertEquals(
                "train.json:4: not a JSON object",
                data.report().firstProblems().get(0).toString());
    }

    @Test
    void anArrayThatBreaksOffIsAMistakeWithItsLine() throws IOException {
        Path file = file("train.json", "[{\"prompt\":\"a\",\"completion\":\"b\"},\n{\"prompt\":");
        String message =
                assertThrows(UserMistakeException.class, () -> read(file)).getMessage();
        assertTrue(message.startsWith("train.json:2: "), message);
    }

    @Test
    void aFolderIsItsFilesInOrder() throws IOException {
        file("b.jsonl", "{\"prompt\":\"2\",\"completion\":\"b\"}");
        file("a.jsonl", "{\"prompt\":\"1\",\"completion\":\"b\"}");
        file("notes.txt", "nothing");
        Dataset<EncodedRow> data = read(folder);
        assertEquals('1', data.rows().get(0).tokenIds()[0]);
        assertEquals(2, data.rows().size());
    }

    @Test
    void nothingUsableIsAMistakeThatNamesTheFirstProblem() throws IOException {
        Path file = file("train.jsonl", "{\"question\":\"a\"}\n{\"question\":\"b\"}");
        String message =
                assertThrows(UserMistakeException.class, () -> read(file)).getMessage();
        assertTrue(message.contains("train.jsonl:1: there is no \"prompt\"; 2 skipped"), message);
        assertThrows(UserMistakeException.class, () -> read(file("empty.jsonl", "\n\n")));
        assertThrows(UserMistakeException.class, () -> read(folder.resolve("missing.jsonl")));
    }

    @Test
    void everyAnswerCutIsAMistake() throws IOException {
        Path file = file("train.jsonl", "{\"prompt\":\"a\",\"completion\":\"" + "x".repeat(40) + "\"}");
        String message =
                assertThrows(UserMistakeException.class, () -> read(file)).getMessage();
        assertTrue(message.contains("maxLength"), message);
    }

    @Test
    void truncationKeepsTheAnswer() {
        EncodedRow row = CHARACTERS.encode(new Example("p".repeat(30) + "?", "yes"));
        assertEquals(20, row.length());
        assertEquals(EncodedRow.Cut.PROMPT, row.cut());
        assertArrayEquals(new long[] {'y', 'e', 's', 0}, row.answerIds());
        assertEquals('?', row.tokenIds()[15]);
        EncodedRow cut = CHARACTERS.encode(new Example("why?", "x".repeat(20)));
        assertEquals(EncodedRow.Cut.ANSWER, cut.cut());
        assertEquals(0, cut.answerStart());
        assertEquals('x', cut.tokenIds()[19]);
    }

    @Test
    void onlyTheAnswerIsLearnedUnlessAsked() {
        Example example = new Example("why", "so");
        assertEquals(3, CHARACTERS.encode(example).labelledTokens());
        assertEquals(
                5,
                new RowEncoder(DatasetTest::characters, 0, 20, true)
                        .encode(example)
                        .labelledTokens());
    }

    @Test
    void columnsAreMapped() throws IOException {
        Path file = file("train.jsonl", "{\"text\":\"x\",\"q\":\"is it?\",\"label\":true}");
        RowFormat format = new RowFormat.Alpaca(
                Optional.of(Template.alpaca("{instruction}: {output}")),
                new Columns(Map.of("instruction", "q", "output", "label")));
        EncodedRow row = Dataset.read(List.of(file), format, CHARACTERS).rows().get(0);
        assertArrayEquals(characters("is it?:", false), row.promptIds());
        assertEquals(" true".length() + 1, row.answerIds().length);
    }

    @Test
    void splitIsTheSameForTheSameSeed() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            lines.append("{\"prompt\":\"").append(i).append("\",\"completion\":\"b\"}\n");
        }
        Dataset<EncodedRow> data = read(file("train.jsonl", lines.toString()));
        Dataset.Split<EncodedRow> split = data.split(0.1, 3);
        assertEquals(5, split.evaluation().size());
        assertEquals(45, split.train().size());
        assertEquals(split, data.split(0.1, 3));
        assertNotEquals(split, data.split(0.1, 4));
        assertThrows(UserMistakeException.class, () -> data.split(1.5, 3));
    }

    @Test
    void digestFollowsTheBytes() throws IOException {
        String row = "{\"prompt\":\"a\",\"completion\":\"b\"}";
        String digest = read(file("one.jsonl", row)).digest();
        assertEquals(digest, read(file("two.jsonl", row)).digest());
        assertNotEquals(digest, read(file("two.jsonl", row + "\n")).digest());
    }
}
