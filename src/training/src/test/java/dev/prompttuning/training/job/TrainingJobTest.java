package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.contract.MethodConfig;
import dev.prompttuning.api.contract.ModelSource;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainResult;
import dev.prompttuning.api.tuning.DatasetFormat;
import dev.prompttuning.api.tuning.EncoderType;
import dev.prompttuning.api.tuning.EvaluationMetric;
import dev.prompttuning.api.tuning.Precision;
import dev.prompttuning.api.tuning.PrefixInitType;
import dev.prompttuning.api.tuning.PromptInitType;
import dev.prompttuning.api.tuning.Scheduler;
import dev.prompttuning.api.tuning.Task;
import dev.prompttuning.api.tuning.Template;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.FailureReport;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.progress.TrainingEvent;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingJobTest {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final TrainingListener NOBODY = event -> {};
    private static final Surroundings SURROUNDINGS =
            new Surroundings(Path::of, Path.of("unused"), URI.create("http://localhost:1"), Optional.empty());

    @TempDir
    Path folder;

    private static final MethodConfig.Lora LORA = new MethodConfig.Lora(4, 8, 0.2, true, List.of("all-linear"));

    static Stream<MethodConfig> prompts() {
        return Stream.of(
                new MethodConfig.Lora(4, 8, 0, false, null),
                LORA,
                new MethodConfig.PromptWithLora(
                        new MethodConfig.PromptTuning(5, PromptInitType.SAMPLE_VOCAB, null), LORA),
                new MethodConfig.PromptWithLora(
                        new MethodConfig.PrefixTuning(5, true, 16, PrefixInitType.RANDOM, null), LORA),
                new MethodConfig.PromptTuning(5, PromptInitType.TEXT, "Is it good or bad?"),
                new MethodConfig.PromptTuning(5, PromptInitType.SAMPLE_VOCAB, null),
                new MethodConfig.PTuning(5, EncoderType.MLP, 16, 2, 0),
                new MethodConfig.PTuning(5, EncoderType.LSTM, null, 2, 0.5),
                new MethodConfig.PrefixTuning(5, false, null, PrefixInitType.TEXT, "Is it good or bad?"),
                new MethodConfig.PrefixTuning(5, true, 16, PrefixInitType.RANDOM, null));
    }

    private TrainConfig config(MethodConfig method, Path data) {
        return new TrainConfig(
                "reviews",
                new ModelSource("tiny/qwen2", MODEL.toString(), null, null, null, null, null, null),
                Task.CAUSAL_LM,
                null,
                method,
                new TrainConfig.Data(
                        new TrainConfig.DataLocation("rows", data.toString(), null, null, null, null, null),
                        null,
                        DatasetFormat.ALPACA,
                        Map.of(),
                        new Template("{instruction}\n{input}\nAnswer:", null, " {output}"),
                        64,
                        0.2,
                        false,
                        null,
                        null,
                        false,
                        null,
                        null,
                        null),
                new TrainConfig.Loop(
                        2,
                        null,
                        4,
                        1,
                        0.01,
                        Scheduler.LINEAR,
                        null,
                        0.1,
                        0,
                        1,
                        Precision.AUTO,
                        false,
                        3,
                        1,
                        null,
                        EvaluationMetric.LOSS,
                        true,
                        null,
                        0,
                        8,
                        2,
                        2),
                new TrainConfig.Target("reviews", output().toString()),
                8080);
    }

    private Path output() {
        return folder.resolve("out").resolve("reviews");
    }

    private TrainingJob job(MethodConfig method, Path data, List<String> log) {
        return new TrainingJob(config(method, data), SURROUNDINGS, Device.cpu(), log::add);
    }

    private Path rows() throws IOException {
        StringBuilder lines = new StringBuilder("{broken\n");
        for (int i = 0; i < 20; i++) {
            lines.append("{\"instruction\":\"Good?\",\"input\":\"review " + i + "\",\"output\":\""
                    + (i % 2 == 0 ? "yes" : "no") + "\"}\n");
        }
        return Files.writeString(folder.resolve("train.jsonl"), lines);
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void leavesAnAdapterAndItsProvenance(MethodConfig method) throws IOException {
        List<String> log = new ArrayList<>();
        TrainingJob.Ended done = job(method, rows(), log).run(NOBODY, new StopRequest());
        assertEquals(8, done.training().steps());
        assertTrue(log.get(0).startsWith("train.jsonl:1: not valid JSON"), log.toString());
        assertEquals("1 of 21 rows skipped", log.get(1));
        TrainResult result = done.result().orElseThrow();
        assertEquals(method.label(), result.method());
        assertEquals(method instanceof MethodConfig.Lora ? null : (Integer) 5, result.numVirtualTokens());
        assertEquals(
                Set.of("loss", "perplexity", "tokenAccuracy", "exactMatch"),
                result.metrics().keySet());
        checkFiles();
        checkNothingIsLeftToDo(method, done);
        EvaluationResult evaluated =
                new EvaluationJob(config(method, rows()), SURROUNDINGS, Device.cpu()).run(Optional.of(output()));
        assertEquals(result.metrics().get("loss"), evaluated.loss(), 1e-5);
        assertEquals(4, evaluated.rows());
    }

    private void checkFiles() throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder model = ModelFolder.open(MODEL);
                CausalLM lm = CausalModels.load(model, manager)) {
            Tuning tuning = new TuningFolder(output()).read(lm, manager);
            tuning.prompt().ifPresent(prompt -> assertEquals(5, prompt.numVirtualTokens()));
            JsonNode config = new ObjectMapper()
                    .readTree(output().resolve("adapter_config.json").toFile());
            assertEquals("tiny/qwen2", config.get("base_model_name_or_path").asText());
            JsonNode provenance = new ObjectMapper()
                    .readTree(output().resolve("provenance.json").toFile());
            assertEquals(model.digest(), provenance.at("/baseModel/digest").asText());
            assertEquals(0.01, provenance.at("/config/training/learningRate").asDouble());
        }
    }

    private void checkNothingIsLeftToDo(MethodConfig method, TrainingJob.Ended done) throws IOException {
        TrainingListener noSteps =
                event -> assertFalse(event instanceof TrainingEvent.Stepped, "nothing is left to do");
        TrainingJob.Ended again = job(method, rows(), new ArrayList<>()).run(noSteps, new StopRequest());
        assertEquals(done.training().losses(), again.training().losses());
        assertEquals(
                done.result().orElseThrow().digest(),
                again.result().orElseThrow().digest());
        try (Stream<Path> left = Files.list(output().getParent())) {
            assertEquals(List.of(output()), left.toList());
        }
    }

    /** Stock PEFT loads either; which is why the additions are not in the prompt's folder itself. */
    @Test
    void aPromptWithLoraLeavesTwoAdapters() throws IOException {
        MethodConfig prompt = new MethodConfig.PTuning(5, EncoderType.MLP, 16, 2, 0);
        job(new MethodConfig.PromptWithLora(prompt, LORA), rows(), new ArrayList<>())
                .run(NOBODY, new StopRequest());
        assertEquals("P_TUNING", peftType(output()));
        assertEquals("LORA", peftType(output().resolve("lora")));
        try (SafeTensors tensors = SafeTensors.open(output().resolve("adapter_model.safetensors"))) {
            assertEquals(Set.of("prompt_embeddings"), tensors.names());
        }
    }

    private static String peftType(Path folder) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("adapter_config.json").toFile())
                .get("peft_type")
                .asText();
    }

    @Test
    void aTargetThatIsNotThereIsAMistake() throws IOException {
        TrainingJob job = job(new MethodConfig.Lora(4, 8, 0, false, List.of("query")), rows(), new ArrayList<>());
        String message = assertThrows(UserMistakeException.class, () -> job.run(NOBODY, new StopRequest()))
                .getMessage();
        assertTrue(
                message.startsWith("method.lora.targetModules: no linear layer of this model is called \"query\";"),
                message);
    }

    @Test
    void fullFineTuningLeavesAModel() throws IOException {
        MethodConfig method = new MethodConfig.FullFineTuning();
        TrainingJob.Ended done = job(method, rows(), new ArrayList<>()).run(NOBODY, new StopRequest());
        assertTrue(done.training().losses().get(7) < done.training().losses().get(0));
        EvaluationJob evaluation = new EvaluationJob(config(method, rows()), SURROUNDINGS, Device.cpu());
        double loss = evaluation.run(Optional.of(output())).loss();
        assertEquals(done.training().metrics().get("loss"), loss, 1e-5);
        assertTrue(loss < evaluation.run(Optional.empty()).loss());
    }

    @Test
    void theBaseModelMayBeInEightBits() throws IOException {
        TrainConfig config = quantized(config(LORA, rows()));
        TrainingJob.Ended done =
                new TrainingJob(config, SURROUNDINGS, Device.cpu(), line -> {}).run(NOBODY, new StopRequest());
        assertTrue(done.training().losses().get(7) < done.training().losses().get(0));
        EvaluationResult evaluated = new EvaluationJob(config, SURROUNDINGS, Device.cpu()).run(Optional.of(output()));
        assertEquals(done.training().metrics().get("loss"), evaluated.loss(), 1e-5);
        double whole = new EvaluationJob(config(LORA, rows()), SURROUNDINGS, Device.cpu())
                .run(Optional.of(output()))
                .loss();
        assertEquals(whole, evaluated.loss(), 0.02 * whole);
        assertNotEquals(whole, evaluated.loss());
    }

    @Test
    void weightsInEightBitsAreNotTrained() throws IOException {
        TrainConfig config = quantized(config(new MethodConfig.FullFineTuning(), rows()));
        TrainingJob job = new TrainingJob(config, SURROUNDINGS, Device.cpu(), line -> {});
        String message = assertThrows(UserMistakeException.class, () -> job.run(NOBODY, new StopRequest()))
                .getMessage();
        assertEquals(
                "method.fullFineTuning trains the weights, which baseModel.quantization Int8 freezes; leave one of them out.",
                message);
    }

    private static TrainConfig quantized(TrainConfig config) {
        return ContractJson.read(
                ContractJson.write(config).replace("\"dtype\"", "\"quantization\":\"Int8\",\"dtype\""),
                TrainConfig.class);
    }

    @Test
    void mistakesEndWithTheirExitCode() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
        TrainingJob job = job(new MethodConfig.PromptTuning(5, PromptInitType.RANDOM, null), empty, new ArrayList<>());
        UserMistakeException mistake =
                assertThrows(UserMistakeException.class, () -> job.run(NOBODY, new StopRequest()));
        assertEquals(ExitCode.USER_MISTAKE, FailureReport.of(mistake).code());
        assertEquals(
                ExitCode.OUT_OF_MEMORY,
                FailureReport.of(new IllegalStateException(
                                "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"))
                        .code());
        assertEquals(
                ExitCode.OUT_OF_MEMORY, FailureReport.of(new OutOfMemoryError()).code());
        assertEquals(ExitCode.FAILED, FailureReport.of(new IOException("disk")).code());
    }

    @Test
    void tooManyVirtualTokensAreAMistake() throws IOException {
        TrainingJob job =
                job(new MethodConfig.PromptTuning(511, PromptInitType.RANDOM, null), rows(), new ArrayList<>());
        String message = assertThrows(UserMistakeException.class, () -> job.run(NOBODY, new StopRequest()))
                .getMessage();
        assertTrue(message.contains("511 virtual tokens exceeds the 512 positions"), message);
    }
}
