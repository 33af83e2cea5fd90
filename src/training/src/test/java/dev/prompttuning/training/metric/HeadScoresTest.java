package dev.prompttuning.training.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.data.AnswerReader;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.LabeledReader;
import dev.prompttuning.training.data.TaggedReader;
import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadScoresTest {
    private static final List<String> LABELS = List.of("bad", "fair", "good");
    private static final List<String> TAGS = List.of("O", "B-ANIMAL", "I-ANIMAL");

    private final Tokenizer tokenizer = Tokenizer.load(
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/bert"));

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private TaskRow question(String context, String answer) throws Exception {
        String answers = answer.isEmpty()
                ? "{'text':[],'answer_start':[]}"
                : "{'text':['%s'],'answer_start':[%d]}".formatted(answer, context.indexOf(answer));
        String row = "{'question':'who?','context':'%s','answers':%s}".formatted(context, answers);
        return new AnswerReader(tokenizer, Columns.STANDARD, 48)
                .read(new ObjectMapper().readTree(row.replace('\'', '"')));
    }

    /** Scores that are 0 but where a text of the context starts and ends, and 2 padding tokens of a high score. */
    private float[][] pointing(String context, String answer, float score) {
        TokenizedText tokens = tokenizer.tokenize("who?", context);
        float[][] scores = new float[tokens.length() + 2][2];
        int from = context.indexOf(answer);
        for (int token = 0; token < tokens.length(); token++) {
            if (tokens.texts()[token] == 1 && tokens.starts()[token] == from) {
                scores[token][0] = score;
            }
            if (tokens.texts()[token] == 1 && tokens.ends()[token] == from + answer.length()) {
                scores[token][1] = score;
            }
        }
        scores[tokens.length()] = new float[] {99, 99};
        scores[tokens.length() + 1] = new float[] {99, 99};
        return scores;
    }

    @Test
    void anAnswerIsTheTextBetweenTheLikeliestTokens() throws Exception {
        String context = "the lazy dog and the quick fox";
        TaskRow row = question(context, "quick fox");
        SpanScores scores = new SpanScores(tokenizer, List.of(row));
        var found =
                assertInstanceOf(Prediction.OfQuestion.class, scores.add(row, pointing(context, "the quick fox", 50)));
        assertEquals("the quick fox", found.predicted());
        assertEquals(List.of("quick fox"), found.gold());
        assertEquals(context, found.input().context());
        assertEquals(1, found.confidence(), 1e-9);
        assertEquals(Map.of("answerExactMatch", 1.0, "answerF1", 1.0), scores.metrics());
        scores.add(row, pointing(context, "lazy dog and the quick", 50));
        // Three words of two, one of them in common: twice one by five, and an article counts for none.
        assertEquals(0.5, scores.metrics().get("answerExactMatch"));
        assertEquals((1 + 2.0 / 6) / 2, scores.metrics().get("answerF1"), 1e-9);
    }

    @Test
    void noAnswerIsOfferedWhereQuestionsHaveNone() throws Exception {
        TaskRow with = question("a brown fox", "fox");
        TaskRow without = question("a brown fox", "");
        float[][] none = new float[with.length()][2];
        none[0] = new float[] {9, 9};
        SpanScores scores = new SpanScores(tokenizer, List.of(with, without));
        var nothing = assertInstanceOf(Prediction.OfQuestion.class, scores.add(without, none));
        assertEquals("", nothing.predicted());
        assertEquals(List.of(), nothing.gold());
        scores.add(with, none);
        assertEquals(
                Map.of("answerExactMatch", 0.5, "answerF1", 0.5, "answerableF1", 0.0, "unanswerableF1", 1.0),
                scores.metrics());

        SpanScores always = new SpanScores(tokenizer, List.of(with));
        var something = assertInstanceOf(Prediction.OfQuestion.class, always.add(with, none));
        assertFalse(something.predicted().isEmpty());
        assertEquals(2, always.metrics().size());
    }

    @Test
    void aTextHasOneLabel() throws Exception {
        LabelScores scores = new LabelScores(LABELS, false);
        LabeledReader reader = new LabeledReader(tokenizer, Columns.STANDARD, LABELS, 48);
        TaskRow row = reader.read(new ObjectMapper().readTree("{\"text\":\"A film\",\"label\":\"good\"}"));
        assertEquals(
                new Prediction.OfText("A film", "good", "good", Math.exp(1) / (Math.exp(1) + 2)),
                scores.add(row, new float[][] {{0, 0, 1}}));
        var wrong = assertInstanceOf(Prediction.OfText.class, scores.add(row, new float[][] {{5, 0, 1}}));
        assertEquals("bad", wrong.predicted());
        assertEquals(2.0 / 3 / 2, scores.metrics().get("macroF1"), 1e-12);
        assertEquals(0.5, scores.metrics().get("microF1"));
        assertEquals(1, scores.confusion().orElseThrow().counts()[2][0]);
    }

    @Test
    void wordsHaveATagEachWhateverTheirPieces() throws Exception {
        LabelScores scores = new LabelScores(TAGS, true);
        TaggedReader reader = new TaggedReader(tokenizer, Columns.STANDARD, TAGS, 48);
        TaskRow row = reader.read(
                new ObjectMapper()
                        .readTree(
                                "{\"tokens\":[\"unfathomable\",\"brown\",\"fox\"],\"tags\":[\"O\",\"B-ANIMAL\",\"I-ANIMAL\"]}"));
        float[][] right = new float[row.length()][];
        float[][] half = new float[row.length()][];
        for (int token = 0; token < right.length; token++) {
            long label = Math.max(0, row.labels()[token]);
            right[token] = new float[] {label == 0 ? 9 : 0, label == 1 ? 9 : 0, label == 2 ? 9 : 0};
            half[token] = label == 2 ? new float[] {9, 0, 0} : right[token];
        }
        var tagged = assertInstanceOf(Prediction.OfWords.class, scores.add(row, right));
        assertEquals(List.of("unfathomable", "brown", "fox"), tagged.input());
        assertEquals(List.of("O", "B-ANIMAL", "I-ANIMAL"), tagged.predicted());
        assertEquals(3, tagged.confidence().size());
        assertEquals(1.0, scores.metrics().get("entityF1"));
        scores.add(row, half);
        assertEquals(0.5, scores.metrics().get("entityF1"), "a shorter entity is none");
        assertEquals(5.0 / 6, scores.metrics().get("microF1"), 1e-12);
    }
}
