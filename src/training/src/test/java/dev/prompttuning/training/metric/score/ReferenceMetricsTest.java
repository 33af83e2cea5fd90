package dev.prompttuning.training.metric.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every measure is what the usual package computes: {@code src/docs/tools/reference_metrics.py} has asked them. */
class ReferenceMetricsTest {

    private static final double EXACT = 1e-9;

    static Stream<JsonNode> texts() throws IOException {
        return cases("texts");
    }

    static Stream<JsonNode> answers() throws IOException {
        return cases("answers");
    }

    static Stream<JsonNode> entities() throws IOException {
        return cases("entities");
    }

    static Stream<JsonNode> labels() throws IOException {
        return cases("labels");
    }

    private static Stream<JsonNode> cases(String kind) throws IOException {
        try (InputStream json = ReferenceMetricsTest.class.getResourceAsStream("/metrics/reference.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(json).get(kind).forEach(cases::add);
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void bleuIsThatOfSacrebleuAndRougeThatOfRougeScore(JsonNode expected) {
        List<String> gold = strings(expected.get("gold"));
        List<String> predicted = strings(expected.get("predicted"));
        assertEquals(expected.get("bleu").asDouble(), Bleu.of(gold, predicted), 1e-7);
        Rouge rouge = Rouge.of(gold, predicted);
        assertEquals(expected.get("rouge1").asDouble(), rouge.rouge1(), EXACT);
        assertEquals(expected.get("rouge2").asDouble(), rouge.rouge2(), EXACT);
        assertEquals(expected.get("rougeL").asDouble(), rouge.rougeL(), EXACT);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAreJudgedAsBySquad(JsonNode expected) {
        AnswerScores scores = AnswerScores.of(lists(expected.get("gold")), strings(expected.get("predicted")));
        assertEquals(expected.get("exactMatch").asDouble(), scores.exactMatch(), EXACT);
        assertEquals(expected.get("f1").asDouble(), scores.f1(), EXACT);
    }

    @ParameterizedTest
    @MethodSource("entities")
    void entitiesAreThoseOfSeqeval(JsonNode expected) {
        EntityScores scores = EntityScores.of(lists(expected.get("gold")), lists(expected.get("predicted")));
        assertEquals(expected.get("precision").asDouble(), scores.precision(), EXACT);
        assertEquals(expected.get("recall").asDouble(), scores.recall(), EXACT);
        assertEquals(expected.get("f1").asDouble(), scores.f1(), EXACT);
    }

    @ParameterizedTest
    @MethodSource("labels")
    void labelsAreJudgedAsByScikitLearn(JsonNode expected) {
        List<String> names = IntStream.range(0, expected.get("labels").asInt())
                .mapToObj(label -> "label " + label)
                .toList();
        ConfusionMatrix matrix =
                ConfusionMatrix.of(names, numbers(expected.get("gold")), numbers(expected.get("predicted")));
        assertEquals(expected.get("accuracy").asDouble(), matrix.accuracy(), EXACT);
        assertEquals(expected.get("macroF1").asDouble(), matrix.macroF1(), EXACT);
        assertEquals(expected.get("microF1").asDouble(), matrix.microF1(), EXACT);
        for (int label = 0; label < names.size(); label++) {
            assertEquals(expected.get("precision").get(label).asDouble(), matrix.precision(label), EXACT);
            assertEquals(expected.get("recall").get(label).asDouble(), matrix.recall(label), EXACT);
            assertEquals(expected.get("f1").get(label).asDouble(), matrix.f1(label), EXACT);
            for (int other = 0; other < names.size(); other++) {
                assertEquals(expected.get("counts").get(label).get(other).asLong(), matrix.counts()[label][other]);
            }
        }
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(text -> strings.add(text.asText()));
        return strings;
    }

    private static List<List<String>> lists(JsonNode array) {
        List<List<String>> lists = new ArrayList<>();
        array.forEach(list -> lists.add(strings(list)));
        return lists;
    }

    private static int[] numbers(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }
}
