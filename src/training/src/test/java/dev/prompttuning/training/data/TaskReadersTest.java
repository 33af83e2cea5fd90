package dev.prompttuning.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskReadersTest {

    private static final Path MODELS = Path.of("src/test/resources/golden/models");
    private static final List<String> TAGS = List.of("O", "B-PER", "B-LOC");

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void labelsAreNamesOrNumbers() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("bert"))) {
            LabeledReader reader =
                    new LabeledReader(tokenizer, new Columns(Map.of("label", "stars")), List.of("bad", "good"), 8);
            TaskRow row = reader.read(json("{'text':'the film is it','stars':'good'}"));
            assertArrayEquals(new long[] {1}, row.labels());
            assertEquals(2, row.tokenIds()[0]);
            assertEquals(Cut.NOTHING, row.cut());
            assertArrayEquals(
                    new long[] {0}, reader.read(json("{'text':'a','stars':0}")).labels());
            TaskRow cut = reader.read(json("{'text':'one two three four five six seven eight','stars':0}"));
            assertEquals(8, cut.length());
            assertEquals(3, cut.tokenIds()[7], "the end stays");
            assertEquals(Cut.TEXT, cut.cut());
            String message = assertThrows(
                            RowFormatException.class, () -> reader.read(json("{'text':'a','stars':'fair'}")))
                    .getMessage();
            assertEquals("\"fair\" is none of the labels", message);
            assertThrows(RowFormatException.class, () -> reader.read(json("{'text':'a','stars':2}")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta"})
    void everyWordIsTaggedOnce(String family) throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve(family))) {
            TaggedReader reader = new TaggedReader(tokenizer, Columns.STANDARD, TAGS, 512);
            TaskRow row = reader.read(json(
                    "{'tokens':['Müller','lives','in','𝛼-Town','.','Ü'],'tags':['B-PER','O',0,'B-LOC','O','O']}"));
            List<Long> tags = new ArrayList<>();
            for (int token = 0; token < row.length(); token++) {
                if (row.labels()[token] != TaskBatch.IGNORED) {
                    tags.add(row.labels()[token]);
                }
            }
            assertEquals(List.of(1L, 0L, 0L, 2L, 0L, 0L), tags);
            assertTrue(row.length() > 8, "words have several pieces");
            assertEquals(TaskBatch.IGNORED, row.labels()[0], "a special token has no tag");
            assertEquals(1, row.labels()[1]);
            assertThrows(RowFormatException.class, () -> reader.read(json("{'tokens':['a','b'],'tags':['O']}")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta"})
    void answersAreFoundInTheContext(String family) throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve(family))) {
            AnswerReader reader = new AnswerReader(tokenizer, Columns.STANDARD, 60);
            String context = "𝛼 the film was made in Paris, they said";
            int start = context.codePointCount(0, context.indexOf("Paris"));
            TaskRow row = reader.read(json("{'question':'in Paris?','context':'" + context
                    + "','answers':{'text':['Paris'],'answer_start':[" + start + "]}}"));
            long[] span = Arrays.stream(row.tokenIds(), (int) row.labels()[0], (int) row.labels()[1] + 1)
                    .asLongStream()
                    .toArray();
            assertEquals(
                    "paris", tokenizer.decode(span, true).strip().toLowerCase().replace(" ", ""));
            assertTrue(row.labels()[0] > 12, "it is not the question's word");
            TaskRow none = reader.read(
                    json("{'question':'who?','context':'" + context + "','answers':{'text':[],'answer_start':[]}}"));
            assertArrayEquals(new long[] {0, 0}, none.labels());
        }
    }

    @Test
    void answersOutOfReachAreSaidSo() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("bert"))) {
            AnswerReader reader = new AnswerReader(tokenizer, Columns.STANDARD, 10);
            String row =
                    "{'question':'who?','context':'one two three four five six Paris','answers':{'text':['%s'],'answer_start':[%d]}}";
            assertEquals(
                    "the answer lies beyond maxLength 10",
                    assertThrows(RowFormatException.class, () -> reader.read(json(row.formatted("Paris", 28))))
                            .getMessage());
            assertEquals(
                    "the context does not hold the answer at \"answer_start\"",
                    assertThrows(RowFormatException.class, () -> reader.read(json(row.formatted("London", 28))))
                            .getMessage());
        }
    }

    @Test
    void pairsHaveTwoTypes() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("bert"))) {
            TaskRow row = new AnswerReader(tokenizer, Columns.STANDARD, 60)
                    .read(json("{'question':'in it?','context':'a','answers':{'text':['a'],'answer_start':[0]}}"));
            assertArrayEquals(new int[] {0, 0, 0, 0, 0, 1, 1}, row.types());
            assertArrayEquals(new long[] {5, 5}, row.labels());
        }
    }

    @Test
    void listsMayBeJsonInATextAsInCsvFiles() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(MODELS.resolve("bert"))) {
            TaggedReader reader = new TaggedReader(tokenizer, Columns.STANDARD, TAGS, 512);
            TaskRow lists = reader.read(json("{'tokens':['in','Paris'],'tags':['O','B-LOC']}"));
            TaskRow texts = reader.read(new ObjectMapper()
                    .createObjectNode()
                    .put("tokens", "[\"in\", \"Paris\"]")
                    .put("tags", " [0, 2]"));
            assertArrayEquals(lists.tokenIds(), texts.tokenIds());
            assertArrayEquals(lists.labels(), texts.labels());
        }
    }
}
