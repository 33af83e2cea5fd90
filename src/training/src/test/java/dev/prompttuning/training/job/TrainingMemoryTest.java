package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.training.FailureReport;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.data.Seq2SeqRow;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.memory.MemoryBudget;
import dev.prompttuning.transformers.memory.MemoryNeed;
import dev.prompttuning.transformers.memory.ModelMemory;
import dev.prompttuning.transformers.memory.TooLittleMemoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String PROMPT = "{\"type\":\"PromptTuning\",\"numVirtualTokens\":4,\"init\":\"Random\"}";
    private static final String FULL = "{\"type\":\"FullFineTuning\"}";

    @Test
    void activationsAreOfTheLongestRows() {
        try (ModelFolder model = ModelFolder.open(MODEL)) {
            ModelMemory memory = new ModelMemory(model);
            MemoryNeed need = TrainingMemory.need(memory, config(PROMPT, false), data(3, 50, 7, 40));
            assertEquals(memory.activationsPerToken(false) * 90, need.activations());
            assertEquals(0, need.weights(), "mapped");
        }
    }

    @Test
    void weightsInEightBitsCountWithOneDecodedLayer() {
        try (ModelFolder model = ModelFolder.open(MODEL)) {
            ModelMemory memory = new ModelMemory(model);
            MemoryNeed need = TrainingMemory.need(memory, quantized(config(PROMPT, false)), data(3));
            assertEquals(memory.frozen(Precision.INT8) + memory.decodedLayer(), need.weights());
            assertTrue(memory.frozen(Precision.INT8) < 0.35 * memory.copied());
        }
    }

    private static TrainConfig quantized(TrainConfig config) {
        return ContractJson.read(
                ContractJson.write(config).replace("\"dtype\"", "\"quantization\":\"Int8\",\"dtype\""),
                TrainConfig.class);
    }

    @Test
    void textsPassTheEncoderAndAnswersTheDecoder() {
        try (ModelFolder model = ModelFolder.open(MODEL.resolveSibling("t5"))) {
            ModelMemory memory = new ModelMemory(model);
            List<Seq2SeqRow> rows = List.of(row(30, 4), row(20, 9), row(5, 5));
            long expected = 2
                    * ((30 + 4) * memory.stack("encoder.").activationsPerToken(false)
                            + 9 * memory.stack("decoder.").activationsPerToken(false));
            assertEquals(
                    expected,
                    Seq2SeqMemory.of(memory, false).activations(rows, config(PROMPT, false)),
                    "padded, with four virtual tokens in front of each text");
            assertTrue(memory.stack("decoder.").activationsPerToken(false)
                    > memory.stack("encoder.").activationsPerToken(false));
        }
    }

    private static Seq2SeqRow row(int source, int target) {
        return new Seq2SeqRow(new int[source], new int[target], EncodedRow.Cut.NOTHING);
    }

    @Test
    void trainedWeightsCountWithGradientsAndMoments() {
        try (ModelFolder model = ModelFolder.open(MODEL)) {
            ModelMemory memory = new ModelMemory(model);
            assertEquals(
                    4 * memory.copied() + 10 * memory.largestTensor(),
                    TrainingMemory.need(memory, config(FULL, false), data(3)).weights());
        }
    }

    @Test
    void refusesBeforeAnythingIsLoadedAndSaysWhatToDo() {
        FailureReport report = refused(config(PROMPT, false), data(2_000_000, 2_000_000));
        assertEquals(ExitCode.OUT_OF_MEMORY, report.code());
        assertTrue(report.message().startsWith("There are 128 MiB of memory, but this training needs about "));
        assertTrue(
                report.message()
                        .endsWith("; raise spec.pod.resources.limits.memory, make training.batchSize or"
                                + " dataset.maxLength smaller, or set training.gradientCheckpointing."),
                report.message());
    }

    @Test
    void doesNotAdviseWhatIsSetOrWouldNotHelp() {
        String set = refused(config(PROMPT, true), data(9_000_000, 9_000_000)).message();
        assertTrue(
                set.endsWith("; raise spec.pod.resources.limits.memory, or make training.batchSize or"
                        + " dataset.maxLength smaller."),
                set);
        String small = refused(config(PROMPT, false), data(3)).message();
        assertTrue(small.endsWith("; raise spec.pod.resources.limits.memory."), small);
    }

    private static FailureReport refused(TrainConfig config, TrainingData<EncodedRow> data) {
        try (ModelFolder model = ModelFolder.open(MODEL)) {
            return FailureReport.of(assertThrows(
                    TooLittleMemoryException.class,
                    () -> TrainingMemory.check(new MemoryBudget(128L << 20), model, config, data)));
        }
    }

    private static TrainingData<EncodedRow> data(int... lengths) {
        List<EncodedRow> rows = IntStream.of(lengths)
                .mapToObj(length -> new EncodedRow(new int[length], 1, 1, EncodedRow.Cut.NOTHING))
                .toList();
        return new TrainingData<>(rows, List.of(), List.of(), "sha256:0", Optional.empty());
    }

    private static TrainConfig config(String method, boolean checkpointing) {
        return ContractJson.read(
                """
                {"name":"a","baseModel":{"name":"m","path":"/m","dtype":"Auto"},"method":%s,
                 "dataset":{"train":{"name":"d","path":"/d"},"format":"Text","columns":{},"maxLength":64,"trainOnPrompt":false},
                 "training":{"maxSteps":1,"batchSize":2,"gradientAccumulationSteps":1,"learningRate":0.1,
                  "scheduler":"Linear","weightDecay":0,"maxGradNorm":1,"precision":"Auto","gradientCheckpointing":%s,
                  "seed":1,"loggingSteps":1,"metric":"Loss","loadBest":true,"minDelta":0,"maxNewTokens":8,
                  "checkpointSteps":10,"checkpointKeep":1},
                 "output":{"adapterName":"a","path":"/out"},"port":8080}"""
                        .formatted(method, checkpointing),
                TrainConfig.class);
    }
}
