package dev.prompttuning.training.verbalizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.data.Columns;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.RowEncoder;
import dev.prompttuning.training.data.RowFormatException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verbalizers of characters as tokens. */
class VerbalizerTest {
    private static final List<String> LABELS = List.of("neg", "pos");
    private static final Map<String, List<String>> WORDS =
            Map.of("neg", List.of("bad", "dull"), "pos", List.of("good"));

    private static Verbalizer verbalizer(int maxLength, String... templates) {
        RowEncoder encoder =
                new RowEncoder((text, special) -> text.chars().asLongStream().toArray(), 0, maxLength, false);
        return new Verbalizer(encoder, LABELS, List.of(templates), WORDS);
    }

    private static VerbalizedRow read(Verbalizer verbalizer, String row) throws IOException, RowFormatException {
        JsonNode json = new ObjectMapper().readTree(row.replace('\'', '"'));
        return new VerbalizedReader(verbalizer, new Columns(Map.of("text", "review"))).read(json);
    }

    private static String text(EncodedRow row) {
        StringBuilder text = new StringBuilder();
        for (int token : row.tokenIds()) {
            text.append(token == 0 ? "$" : (char) token);
        }
        return text.insert(row.answerStart(), "|").toString();
    }

    @Test
    void everyTemplateAsksAndTheFirstWordIsLearned() throws Exception {
        Verbalizer verbalizer = verbalizer(40, "{text} It was  {label}.", "{title}: {text}?");
        VerbalizedRow row = read(verbalizer, "{'review':'Hm','title':'A$','label':'neg'}");
        List<EncodedRow> learned = verbalizer.learned(List.of(row));
        assertEquals("Hm It was|  bad.$", text(learned.get(0)));
        assertEquals("A$: Hm?|bad$", text(learned.get(1)));
        assertEquals(4, learned.get(1).labelledTokens());
        assertEquals("Hm It was|  good.$", text(verbalizer.candidate(row, 0, 1, 0)));
        assertEquals("A$: Hm?|dull$", text(verbalizer.candidate(row, 1, 0, 1)));
        assertEquals("Hm It was", row.text());
        assertEquals(Cut.NOTHING, row.cut());
    }

    @Test
    void aLongTextLosesItsBeginningForAllLabelsAlike() throws Exception {
        Verbalizer verbalizer = verbalizer(10, "{text}:");
        VerbalizedRow row = read(verbalizer, "{'review':'0123456789','label':1}");
        assertEquals(Cut.PROMPT, row.cut());
        assertEquals("6789:|bad$", text(verbalizer.candidate(row, 0, 0, 0)));
        assertEquals("6789:|good$", text(verbalizer.candidate(row, 0, 1, 0)));
        assertEquals(10, row.length());
    }

    @Test
    void aRowWithoutAColumnIsNamed() {
        Verbalizer verbalizer = verbalizer(40, "{text}: {label}");
        assertEquals(
                "there is no \"review\"",
                assertThrows(RowFormatException.class, () -> read(verbalizer, "{'label':'neg'}"))
                        .getMessage());
        assertThrows(RowFormatException.class, () -> read(verbalizer, "{'review':'x','label':'fair'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            It was {label}. | has no column in front of {label}
            no place | has no column in front of {label}
            {text} {label} {title} | has a placeholder behind {label}
            {text} {label} or {label} | has a placeholder behind {label}
            """)
    void refusesTemplates(String template, String why) {
        String message = assertThrows(UserMistakeException.class, () -> verbalizer(40, template))
                .getMessage();
        assertTrue(message.contains("\"" + template + "\" " + why), message);
    }

    @Test
    void refusesWordsThatCannotBeTold() {
        RowEncoder encoder = new RowEncoder((text, special) -> new long[] {1}, 0, 40, false);
        Map<String, List<String>> same = Map.of("neg", List.of("so"), "pos", List.of("yes", " so"));
        String message = assertThrows(
                        UserMistakeException.class,
                        () -> new Verbalizer(encoder, LABELS, List.of("{text} {label}"), same))
                .getMessage();
        assertTrue(message.contains("\" so\" for neg and for pos"), message);
        assertThrows(UserMistakeException.class, () -> verbalizer(5, "{text} {label}"));
    }

    @Test
    void templatesVoteByTheMeanOfTheirLogProbabilities() {
        // Two templates, of probabilities 0.8 and 0.2, and 0.1 and 0.9; the second one finds all words unlikely.
        double[][] likelihoods = {
            {Math.log(0.4), Math.log(0.1)}, {Math.log(1e-6), Math.log(9e-6)},
        };
        double first = Math.sqrt(0.8 * 0.1);
        double second = Math.sqrt(0.2 * 0.9);
        assertArrayEquals(
                new double[] {Math.log(first / (first + second)), Math.log(second / (first + second))},
                VerbalizedEvaluator.votes(likelihoods),
                1e-12);
    }
}
