package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.progress.TrainingEvent;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose models have heads, from the manifest to the adapter. */
class HeadJobTest {

    private static final Path MODELS =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: head}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models, path: FAMILY}
              task: TASK
              method: METHOD
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                evaluation:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                format: Labeled
                maxLength: 48
              training: {maxSteps: 60, batchSize: 8, learningRate: 0.02, evaluation: {metric: Accuracy, steps: 20, loadBest: true}}
              output:
                persistentVolumeClaim: {claimName: out}
            """;
    private static final String SENTIMENT = "SequenceClassification\n  labels: [bad, good]";
    private static final String TAGS = "TokenClassification\n  labels: [O, B-ANIMAL]";
    private static final String[] WORDS = {"the", "lazy", "brown", "over", "quick", "film"};

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();

    private TrainConfig config(String family, String task, String method) {
        String text = JOB.replace("FAMILY", family).replace("TASK", task).replace("METHOD", method);
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "head.yaml").get(0));
        assertEquals(List.of(), Problems.of(job.spec()));
        return TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
    }

    private Surroundings surroundings() {
        String claims = "/mnt/prompttuning/claims/";
        return new Surroundings(
                path -> path.startsWith(claims + "models")
                        ? MODELS.resolve(path.substring(claims.length() + "models/".length()))
                        : folder.resolve(path.substring(claims.length())),
                folder,
                URI.create("http://localhost:1"),
                Optional.empty());
    }

    private void write(List<String> rows) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                folder.resolve("data/rows.jsonl"), String.join("\n", rows).replace('\'', '"'));
    }

    private void writeSentiments() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String word = i % 2 == 0 ? "dog" : "fox";
            rows.add("{'text':'%s %s %s','label':'%s'}"
                    .formatted(WORDS[i % 6], word, WORDS[i % 5], i % 2 == 0 ? "bad" : "good"));
        }
        rows.add("{'text':'the dog','label':'fair'}");
        write(rows);
    }

    private void writeTags() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            rows.add("{'tokens':['%s','%s','%s'],'tags':['O','B-ANIMAL','O']}"
                    .formatted(WORDS[i % 6], i % 2 == 0 ? "dog" : "fox", WORDS[i % 5]));
        }
        write(rows);
    }

    private void writeQuestions() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String animal = i % 2 == 0 ? "dog" : "fox";
            String context = WORDS[i % 6] + " " + WORDS[i % 5] + " " + animal + " " + WORDS[i % 4];
            rows.add("{'question':'who?','context':'%s','answers':{'text':['%s'],'answer_start':[%d]}}"
                    .formatted(context, animal, context.indexOf(animal)));
        }
        write(rows);
    }

    private Map<String, Double> run(TrainConfig config) {
        return new TrainingJob(config, surroundings(), Device.cpu(), log::add)
                .run(event -> {}, new StopRequest())
                .training()
                .metrics();
    }

    private Map<String, Double> evaluated(TrainConfig config) {
        return new EvaluationJob(config, surroundings(), Device.cpu())
                .run(Optional.of(folder.resolve("out/head")))
                .metrics();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bert | {promptTuning: {numVirtualTokens: 4}}",
                "bert | {prefixTuning: {numVirtualTokens: 4}}",
                "roberta | {pTuning: {numVirtualTokens: 4}}",
                "roberta | {lora: {rank: 4, targetModules: [all-linear]}}",
                "qwen2 | {promptTuning: {numVirtualTokens: 4, init: {type: Text, text: good or bad}}, lora: {rank: 2}}",
                "qwen3 | {lora: {rank: 2}}",
                "bert | {fullFineTuning: {}}"
            })
    void textsAreClassified(String family, String method) throws IOException {
        writeSentiments();
        TrainConfig config = config(family, SENTIMENT, method);
        Map<String, Double> metrics = run(config);
        assertEquals(Set.of("loss", "accuracy", "exactMatch", "macroF1", "microF1"), metrics.keySet());
        assertEquals(
                List.of("data/rows.jsonl".substring(5) + ":25: \"fair\" is none of the labels", "1 of 25 rows skipped"),
                log.subList(0, 2));
        assertTrue(metrics.get("accuracy") > 0.9, metrics.toString());
        assertEquals(metrics.get("loss"), evaluated(config).get("loss"), 1e-4);
    }

    @Test
    void theAdapterSaysWhatPeftLooksFor() throws IOException {
        writeSentiments();
        run(config("bert", SENTIMENT, "{promptTuning: {numVirtualTokens: 4}}"));
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("out/head/adapter_config.json").toFile());
        assertEquals("SEQ_CLS", json.get("task_type").asText());
        assertEquals(
                "[\"classifier\",\"score\",\"pooler\"]",
                json.get("modules_to_save").toString());
        try (SafeTensors tensors = SafeTensors.open(folder.resolve("out/head/adapter_model.safetensors"))) {
            // The model's file has no pooler, so without this one nobody could use the adapter.
            assertEquals(
                    Set.of(
                            "prompt_embeddings",
                            "base_model.classifier.weight",
                            "base_model.classifier.bias",
                            "base_model.bert.pooler.dense.weight",
                            "base_model.bert.pooler.dense.bias"),
                    Set.copyOf(tensors.names()));
        }
    }

    @Test
    void aWholeModelKnowsItsLabels() throws IOException {
        writeTags();
        TrainConfig config = config("roberta", TAGS, "{fullFineTuning: {}}");
        assertEquals(1.0, run(config).get("accuracy"));
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("out/head/config.json").toFile());
        assertEquals(
                "[\"RobertaForTokenClassification\"]", json.get("architectures").toString());
        assertEquals("{\"0\":\"O\",\"1\":\"B-ANIMAL\"}", json.get("id2label").toString());
        assertEquals("{\"O\":0,\"B-ANIMAL\":1}", json.get("label2id").toString());
        assertEquals(1.0, evaluated(config).get("exactMatch"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bert | {promptTuning: {numVirtualTokens: 4}}",
                "roberta | {pTuning: {numVirtualTokens: 4, encoder: {type: LSTM}}}",
                "bert | {lora: {rank: 4}}"
            })
    void wordsAreTagged(String family, String method) throws IOException {
        writeTags();
        TrainConfig config = config(family, TAGS, method);
        Map<String, Double> metrics = run(config);
        assertTrue(metrics.get("accuracy") > 0.95, metrics.toString());
        assertEquals(metrics, evaluated(config));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"bert | {lora: {rank: 4}}", "roberta | {promptTuning: {numVirtualTokens: 4}}"})
    void answersAreFound(String family, String method) throws IOException {
        writeQuestions();
        TrainConfig config = config(family, "QuestionAnswering", method);
        Map<String, Double> metrics = run(config);
        assertTrue(metrics.get("accuracy") > 0.9, metrics.toString());
        assertEquals(metrics.get("loss"), evaluated(config).get("loss"), 1e-4);
    }

    @Test
    void anInterruptedJobEndsAsIfItHadNotBeen() throws IOException {
        writeSentiments();
        TrainConfig config = config("bert", SENTIMENT, "{promptTuning: {numVirtualTokens: 4}}");
        run(config);
        Path weights = folder.resolve("out/head/adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
        StopRequest stop = new StopRequest();
        TrainingJob.Ended stopped = new TrainingJob(config, surroundings(), Device.cpu(), log::add)
                .run(
                        event -> {
                            if (event instanceof TrainingEvent.Stepped step && step.step() == 23) {
                                stop.request();
                            }
                        },
                        stop);
        assertEquals(23, stopped.training().steps());
        assertFalse(Files.exists(weights));
        run(config);
        assertArrayEquals(whole, Files.readAllBytes(weights));
    }

    @Test
    void whatDoesNotFitIsSaid() throws IOException {
        writeSentiments();
        TrainConfig gpt2 = config("gpt2", SENTIMENT, "{promptTuning: {numVirtualTokens: 4}}");
        String message = assertThrows(RuntimeException.class, () -> run(gpt2)).getMessage();
        assertTrue(message.contains("model_type is \"gpt2\", which is not supported"), message);
        TrainConfig long512 = config("bert", SENTIMENT, "{promptTuning: {numVirtualTokens: 500}}");
        message = assertThrows(UserMistakeException.class, () -> run(long512)).getMessage();
        assertTrue(message.contains("lower it to 12"), message);
    }
}
