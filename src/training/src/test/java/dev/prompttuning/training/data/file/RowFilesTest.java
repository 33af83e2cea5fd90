package dev.prompttuning.training.data.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.UserMistakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of files in every form; the Parquet files are pyarrow's. */
class RowFilesTest {
    private static final Path DATASETS = Path.of("src/test/resources/datasets");

    @TempDir
    Path folder;

    /** Rows and problems as lines, in their order. */
    private static final class Lines implements RowSink {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void row(String where, JsonNode row) {
            lines.add(where + " " + row);
        }

        @Override
        public void problem(RowProblem problem) {
            lines.add(problem.toString());
        }
    }

    private static List<String> read(Path file) {
        Lines lines = new Lines();
        DatasetFiles.of(List.of(file)).read(lines);
        return lines.lines;
    }

    private List<String> read(String name, String text) throws IOException {
        return read(Files.writeString(folder.resolve(name), text));
    }

    private static String mistake(Path file) {
        return assertThrows(UserMistakeException.class, () -> read(file)).getMessage();
    }

    @Test
    void readsCsvWithQuotesAndNamesTheBadLines() throws IOException {
        String text =
                """
                \uFEFFtext,label,
                "He said ""no"", twice",0,1
                "over
                two lines",1,2

                three,values,in,four columns
                "a quote" and more,1,3
                fine,0,4
                ,@@,5
                """
                        .replace("@@", "\"\"")
                        .replace("\n", "\r\n");
        assertEquals(
                List.of(
                        "rows.csv:2 {\"text\":\"He said \\\"no\\\", twice\",\"label\":\"0\"}",
                        "rows.csv:3 {\"text\":\"over\\r\\ntwo lines\",\"label\":\"1\"}",
                        "rows.csv:6: 4 values for 3 columns",
                        "rows.csv:7: not valid CSV (text behind quotes)",
                        "rows.csv:8 {\"text\":\"fine\",\"label\":\"0\"}",
                        "rows.csv:9 {\"label\":\"\"}"),
                read("rows.csv", text));
    }

    @Test
    void namesQuotesThatDoNotEnd() throws IOException {
        assertEquals(
                List.of(
                        "rows.csv:2 {\"text\":\"a\",\"label\":\"0\"}",
                        "rows.csv:3: not valid CSV (the quotes do not end)"),
                read("rows.csv", "text,label\na,0\n\"b,1\nc,0\n"));
    }

    @Test
    void namesALineThatIsNotUtf8() throws IOException {
        Path file = folder.resolve("rows.tsv");
        Files.write(file, "text\tlabel\ngr\u00FC\u00DFe\t1\nok\t0\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(List.of("rows.tsv:2: not UTF-8", "rows.tsv:3 {\"text\":\"ok\",\"label\":\"0\"}"), read(file));
    }

    @Test
    void knowsOtherSeparators() throws IOException {
        String row = ":2 {\"text\":\"a, b\",\"label\":\"x\"}";
        assertEquals(List.of("rows.tsv" + row), read("rows.tsv", "text\tlabel\na, b\tx"));
        assertEquals(List.of("semi.csv" + row), read("semi.csv", "text;label\na, b;x"));
        assertEquals(List.of("tabs.csv" + row), read("tabs.csv", "text\tlabel\na, b\tx"));
        assertEquals(List.of("one.csv:2 {\"text\":\"a; b\"}"), read("one.csv", "text\na; b"));
    }

    @Test
    void refusesAColumnThatIsThereTwice() throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), "text,text\na,b\n");
        assertTrue(mistake(file).endsWith("its header names the column \"text\" twice."), mistake(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl.gz", "rows.csv.gz", "unnamed"})
    void unpacksGzip(String name) throws IOException {
        boolean csv = name.contains("csv");
        Path file = folder.resolve(name);
        Files.write(file, gzip(csv ? "text\na\nb\n" : "{\"text\":\"a\"}\n{\"text\":\"b\"}\n"));
        int first = csv ? 2 : 1;
        assertEquals(
                List.of(name + ":" + first + " {\"text\":\"a\"}", name + ":" + (first + 1) + " {\"text\":\"b\"}"),
                read(file));
    }

    @Test
    void unpacksZstandard() {
        assertEquals(
                "pairs.jsonl.zst:2 {\"prompt\":\"b\",\"completion\":\"2\"}",
                read(DATASETS.resolve("pairs.jsonl.zst")).get(1));
    }

    @Test
    void saysThatACompressedFileIsCutOff() throws IOException {
        byte[] whole = gzip("{\"text\":\"a\"}\n".repeat(50) + "{\"text\":\"some other words\"}\n");
        Path file = Files.write(folder.resolve("rows.jsonl.gz"), Arrays.copyOf(whole, whole.length - 20));
        assertTrue(mistake(file).contains("it is compressed, and damaged or cut off"), mistake(file));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "v2"})
    void readsParquet(String codec) {
        String name = "pairs-" + codec + ".parquet";
        assertEquals(
                List.of(
                        name + " row 1 {\"prompt\":\"a\",\"completion\":\"1\"}",
                        name + " row 2 {\"prompt\":\"b\",\"completion\":\"2\"}",
                        name + " row 3 {\"completion\":\"3\"}",
                        name + " row 4 {\"prompt\":\"d\",\"completion\":\"4\"}"),
                read(DATASETS.resolve(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nested.parquet", "nested-old-lists.parquet"})
    void readsNestedParquet(String name) {
        List<String> rows = read(DATASETS.resolve(name));
        assertEquals(
                name
                        + " row 1 {\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"}],"
                        + "\"tokens\":[\"Ada\",\"lives\"],\"tags\":[1,0],\"answers\":{\"text\":[\"Ada\"],\"answer_start\":[0]},"
                        + "\"ids\":[[1,2],[3]],\"label\":2,\"score\":0.5,\"good\":true,\"day\":\"2024-02-29\","
                        + "\"at\":\"2024-02-29T12:30:00Z\",\"price\":12.50,\"extra\":{\"k\":\"v\"},\"kind\":\"x\"}",
                rows.get(0));
        assertEquals(
                name
                        + " row 2 {\"messages\":[],\"tokens\":[],\"tags\":[],\"answers\":{\"text\":[],\"answer_start\":[]},\"ids\":[]}",
                rows.get(1));
    }

    @Test
    void saysThatAParquetFileIsCutOffOrDamaged() throws IOException {
        byte[] whole = Files.readAllBytes(DATASETS.resolve("pairs-snappy.parquet"));
        Path file = folder.resolve("rows.parquet");
        Files.write(file, Arrays.copyOf(whole, whole.length - 30));
        assertTrue(mistake(file).contains("it is no whole Parquet file"), mistake(file));
        Files.write(file, "{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_8));
        assertTrue(mistake(file).contains("it is no whole Parquet file"), mistake(file));
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, 8, 60, (byte) 0x55);
        Files.write(file, damaged);
        assertTrue(mistake(file).contains("damaged at row 0"), mistake(file));
    }

    @Test
    void aFolderHasAllItsFilesOfRows() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "text\n1");
        Files.write(folder.resolve("b.jsonl.gz"), gzip("{\"text\":\"2\"}"));
        Files.copy(DATASETS.resolve("pairs-none.parquet"), folder.resolve("c.parquet"));
        Files.writeString(folder.resolve("README.md"), "text");
        Files.writeString(folder.resolve(".hidden.csv"), "text");
        assertEquals(6, read(folder).size());
    }
}
