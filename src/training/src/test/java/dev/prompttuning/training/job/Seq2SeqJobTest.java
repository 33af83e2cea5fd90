package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.TrainingResult;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.progress.TrainingEvent;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import dev.prompttuning.transformers.seq2seq.Seq2SeqModels;
import dev.prompttuning.transformers.seq2seq.Seq2SeqPrompt;
import dev.prompttuning.transformers.seq2seq.Seq2SeqSession;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
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

/** Jobs of task Seq2SeqLM, from the manifest to what is made of it. */
class Seq2SeqJobTest {

    private static final Path MODELS =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: answers}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models, path: t5}
              task: Seq2SeqLM
              method: METHOD
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                evaluation:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                format: PromptCompletion
                maxLength: 24
              training: {maxSteps: STEPS, batchSize: 8, learningRate: 0.02, evaluation: {metric: Perplexity, steps: 10, loadBest: true}}
              output:
                persistentVolumeClaim: {claimName: out}
            """;
    private static final String[] WORDS = {"the", "lazy", "brown", "over", "quick", "film"};

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();

    private TrainConfig config(String method, int steps) {
        String text = JOB.replace("METHOD", method).replace("STEPS", String.valueOf(steps));
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "answers.yaml").get(0));
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

    private void writeRows() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            rows.add("{\"prompt\":\"%s %s %s\",\"completion\":\" %s\"}"
                    .formatted(WORDS[i % 6], i % 2 == 0 ? "dog" : "fox", WORDS[i % 5], i % 2 == 0 ? "bad" : "good"));
        }
        rows.add("{\"prompt\":\"%s dog\",\"completion\":\"bad\"}".formatted("the lazy brown over ".repeat(8)));
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/rows.jsonl"), String.join("\n", rows));
    }

    private TrainingResult run(TrainConfig config) {
        return new TrainingJob(config, surroundings(), Device.cpu(), log::add)
                .run(event -> {}, new StopRequest())
                .training();
    }

    private Map<String, Double> evaluated(TrainConfig config, Optional<Path> made) {
        return new EvaluationJob(config, surroundings(), Device.cpu()).run(made).metrics();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{promptTuning: {numVirtualTokens: 4}} | SEQ_2_SEQ_LM",
                "{promptTuning: {numVirtualTokens: 4, init: {type: Text, text: good or bad}}} | SEQ_2_SEQ_LM",
                "{pTuning: {numVirtualTokens: 4, encoder: {type: LSTM}}} | SEQ_2_SEQ_LM",
                "{prefixTuning: {numVirtualTokens: 4}} | SEQ_2_SEQ_LM",
                "{lora: {rank: 8, targetModules: [all-linear]}} | SEQ_2_SEQ_LM",
                "{promptTuning: {numVirtualTokens: 4}, lora: {rank: 4}} | SEQ_2_SEQ_LM",
                "{fullFineTuning: {}} |"
            })
    void everyMethodLearns(String method, String taskType) throws IOException {
        writeRows();
        TrainConfig config = config(method, 12);
        double before = evaluated(config, Optional.empty()).get("loss");
        TrainingResult result = run(config);
        assertEquals(
                Set.of("loss", "perplexity", "tokenAccuracy", "exactMatch"),
                result.metrics().keySet());
        assertTrue(result.metrics().get("loss") < 0.97 * before, before + " " + result.metrics());
        assertTrue(log.contains("1 texts longer than maxLength 24 cut at their end"), log.toString());
        Path made = folder.resolve("out/answers");
        Map<String, Double> again = evaluated(config, Optional.of(made));
        result.metrics().forEach((name, value) -> assertEquals(value, again.get(name), 1e-4 * value, name));
        if (taskType != null) {
            assertEquals(
                    taskType,
                    json(made.resolve("adapter_config.json")).get("task_type").asText());
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void thePromptsFileHasRowsForBothStacksAsInPeft() throws IOException {
        writeRows();
        run(config("{promptTuning: {numVirtualTokens: 4}}", 2));
        Path made = folder.resolve("out/answers");
        JsonNode config = json(made.resolve("adapter_config.json"));
        assertEquals(2, config.get("num_transformer_submodules").asInt());
        assertEquals(4, config.get("num_virtual_tokens").asInt());
        try (SafeTensors tensors = SafeTensors.open(made.resolve("adapter_model.safetensors"))) {
            assertEquals(List.of(8L, 32L), tensors.info("prompt_embeddings").dimensions());
        }
    }

    /** What was learned is there in a whole model, and in one that LoRA was merged into, and both write it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{fullFineTuning: {}}", "{lora: {rank: 8, targetModules: [all-linear]}}"})
    void aWholeModelWritesWhatWasLearned(String method) throws IOException {
        writeRows();
        TrainingResult result = run(config(method, 80));
        assertTrue(result.metrics().get("exactMatch") > 0.9, result.metrics().toString());
        Path made = folder.resolve("out/answers");
        Path whole = method.contains("lora") ? folder.resolve("merged") : made;
        if (method.contains("lora")) {
            new ExportJob(MODELS.resolve("t5"), made, whole, Device.cpu()).run();
        }
        try (ModelFolder opened = ModelFolder.open(whole);
                Tokenizer tokenizer = Tokenizer.load(whole);
                NDManager manager = NDManager.newBaseManager("PyTorch");
                Seq2SeqLM model = Seq2SeqModels.load(opened, manager, false, Precision.FLOAT32)) {
            assertEquals("good", answer(model, tokenizer, "lazy fox lazy"));
            assertEquals("bad", answer(model, tokenizer, "the dog the"));
        }
    }

    /** Rows that are answered side by side, some of them longer than others, are answered as each would be alone. */
    @Test
    void writtenAnswersAreMeasured() throws IOException {
        writeRows();
        TrainConfig config = config("{lora: {rank: 8, targetModules: [all-linear]}}", 40);
        TrainingResult result = run(config);
        EvaluationResult written = new EvaluationJob(config, surroundings(), Device.cpu())
                .run(Optional.of(folder.resolve("out/answers")), true);
        // Greedy decoding writes just the answers whose tokens all had the highest score.
        assertEquals(result.metrics().get("exactMatch"), written.metrics().get("exactMatch"), 1e-9);
        assertTrue(written.metrics().get("exactMatch") > 0.3, written.metrics().toString());
        assertTrue(written.metrics().containsKey("rougeL"), written.metrics().toString());
        assertEquals(25, written.predictions().size());
    }

    private static String answer(Seq2SeqLM model, Tokenizer tokenizer, String prompt) {
        try (Seq2SeqSession session = new Seq2SeqSession(model, tokenizer.encode(prompt, true), Seq2SeqPrompt.NONE)) {
            long[] tokens = Generator.generate(session, session.opening(), GenerationSettings.greedy(8, 1))
                    .tokens();
            return tokenizer.decode(tokens, true).strip();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{promptTuning: {numVirtualTokens: 4}}", "{lora: {rank: 4, dropout: 0.2}}"})
    void anInterruptedJobEndsAsIfItHadNotBeen(String method) throws IOException {
        writeRows();
        TrainConfig config = config(method, 16);
        run(config);
        Path weights = folder.resolve("out/answers/adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
        StopRequest stop = new StopRequest();
        new TrainingJob(config, surroundings(), Device.cpu(), log::add)
                .run(
                        event -> {
                            if (event instanceof TrainingEvent.Stepped step && step.step() == 7) {
                                stop.request();
                            }
                        },
                        stop);
        assertFalse(Files.exists(weights));
        run(config);
        assertArrayEquals(whole, Files.readAllBytes(weights));
    }

    @Test
    void whatDoesNotFitIsSaid() throws IOException {
        writeRows();
        TrainConfig t5 = config("{promptTuning: {numVirtualTokens: 4}}", 2);
        String half = JOB.replace("METHOD", "{lora: {rank: 4}}")
                .replace("STEPS", "2")
                .replace("path: t5}", "path: t5}\n    dtype: Float16");
        TrainConfig float16 = TrainConfigs.of(
                assertInstanceOf(
                                Manifest.Job.class,
                                new Manifests().read(half, "answers.yaml").get(0))
                        .spec(),
                "answers",
                Mounts.inPod());
        assertRefused(float16, "baseModel.dtype or training.precision: Precision FLOAT16");
        assertRefused(with(t5, "/mnt/prompttuning/claims/models/qwen2"), "supported: t5, mt5");
    }

    private static TrainConfig with(TrainConfig config, String path) {
        var model = config.baseModel();
        return new TrainConfig(
                config.name(),
                new dev.prompttuning.api.contract.ModelSource(
                        model.name(), path, null, null, null, model.dtype(), model.quantization(), null),
                config.task(),
                config.labels(),
                config.method(),
                config.dataset(),
                config.training(),
                config.output(),
                config.port());
    }

    private void assertRefused(TrainConfig config, String sentence) {
        RuntimeException refusal = assertThrows(RuntimeException.class, () -> run(config));
        assertTrue(refusal.getMessage().contains(sentence), refusal.toString());
        assertTrue(
                refusal instanceof UserMistakeException
                        || refusal instanceof dev.prompttuning.transformers.InvalidModelException,
                refusal.toString());
    }
}
