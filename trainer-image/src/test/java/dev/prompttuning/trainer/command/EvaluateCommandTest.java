package dev.prompttuning.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code trainer evaluate} of base models that nobody has trained: right or wrong, what they say is told. */
class EvaluateCommandTest {
    private static final Path MODELS =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: judged}
            spec:
              baseModel: {persistentVolumeClaim: {claimName: models, path: FAMILY}}
              TASK
              method: {lora: {rank: 2}}
              dataset:
                train: {persistentVolumeClaim: {claimName: data, path: rows.jsonl}}
                evaluation: {persistentVolumeClaim: {claimName: data, path: rows.jsonl}}
                maxLength: 48
                FORMAT
              training: {batchSize: 2, evaluation: {maxNewTokens: 4}}
              output: {persistentVolumeClaim: {claimName: data}}
            """;
    private static final String LABELS = "task: SequenceClassification\n  labels: [bad, good]";

    @TempDir
    Path folder;

    private String format = "";

    private String evaluate(String family, String task, List<String> rows, String... more) throws IOException {
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                JOB.replace("FAMILY", family).replace("TASK", task).replace("FORMAT", format));
        Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows).replace('\'', '"'));
        List<String> arguments = new ArrayList<>(
                List.of("-f", job.toString(), "--volume", "models=" + MODELS, "--volume", "data=" + folder));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new EvaluateCommand(new PodPaths()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    throw e;
                });
        command.parseArgs(arguments.toArray(String[]::new));
        EvaluateCommand parsed = command.getCommand();
        assertEquals(0, parsed.call());
        return out.toString();
    }

    private List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @Test
    void labelsAreToldWithTheirConfusion() throws IOException {
        List<String> rows = List.of(
                "{'text':'The quick brown fox jumps','label':'good'}",
                "{'text':'A dog','label':'bad'}",
                "{'text':'Lazy','label':'good'}");
        String said = evaluate(
                "bert",
                LABELS,
                rows,
                "--result",
                folder.resolve("result.json").toString(),
                "--predictions",
                folder.resolve("said.jsonl").toString());
        assertTrue(said.startsWith("metric"), said);
        assertTrue(said.contains("\nlabel  precision  recall"), said);
        assertTrue(said.contains("\nright \\ predicted  bad  good\n"), said);

        JsonNode result = JSON.readTree(folder.resolve("result.json").toFile());
        assertEquals(3, result.get("rows").asInt());
        assertEquals(1, result.at("/labels/0/count").asInt());
        assertEquals("[\"bad\",\"good\"]", result.at("/confusion/labels").toString());
        long[] counts = {0, 0};
        for (int label = 0; label < 2; label++) {
            for (JsonNode count : result.at("/confusion/counts").get(label)) {
                counts[label] += count.asLong();
            }
        }
        assertEquals(1, counts[0]);
        assertEquals(2, counts[1]);

        List<JsonNode> predictions = lines("said.jsonl");
        assertEquals(
                List.of("The quick brown fox jumps", "A dog", "Lazy"),
                predictions.stream().map(line -> line.get("input").asText()).toList());
        long right = predictions.stream()
                .filter(line -> line.get("gold").equals(line.get("predicted")))
                .count();
        assertEquals(result.at("/metrics/accuracy").asDouble(), right / 3.0, 1e-12);
        predictions.forEach(line -> assertTrue(line.get("confidence").asDouble() >= 0.5, line.toString()));
    }

    @Test
    void writtenAnswersAreToldWhereTheyAreAskedFor() throws IOException {
        List<String> rows =
                List.of("{'instruction':'Say yes.','output':'yes'}", "{'instruction':'Say no, please.','output':'no'}");
        assertTrue(!evaluate("qwen3", "task: CausalLM", rows).contains("rougeL"), "nobody asked");
        String said = evaluate(
                "qwen3",
                "task: CausalLM",
                rows,
                "--metric",
                "rougel",
                "--predictions",
                folder.resolve("said.jsonl").toString());
        assertTrue(said.contains("\nrougeL"), said);
        assertTrue(said.contains("\nperplexity"), said);
        List<JsonNode> predictions = lines("said.jsonl");
        assertEquals("no", predictions.get(1).get("gold").asText());
        assertTrue(predictions.get(1).get("input").asText().contains("Say no, please."), predictions.toString());
        assertTrue(predictions.get(1).get("confidence").asDouble() > 0, predictions.toString());
    }

    @Test
    void textsHaveNoAnswersToWrite() {
        format = "format: Text";
        String message = assertThrows(
                        UserMistakeException.class,
                        () -> evaluate(
                                "qwen3",
                                "task: CausalLM",
                                List.of("{'text':'x'}"),
                                "--predictions",
                                folder.resolve("said.jsonl").toString()))
                .getMessage();
        assertTrue(message.startsWith("Rows of dataset.format Text have no answers"), message);
    }

    @Test
    void aMetricOfAnotherTaskIsRefused() {
        String message = assertThrows(
                        UserMistakeException.class,
                        () -> evaluate("bert", LABELS, List.of("{'text':'x','label':'bad'}"), "--metric", "Bleu"))
                .getMessage();
        assertEquals(
                "--metric Bleu does not go with task SequenceClassification; use one of Loss, ExactMatch, Accuracy,"
                        + " MacroF1, MicroF1.",
                message);
    }
}
