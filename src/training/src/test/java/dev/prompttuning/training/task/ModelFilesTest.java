package dev.prompttuning.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.method.FullFineTuning;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.task.SpanRule;
import dev.prompttuning.peft.task.TaskBatch;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.head.HeadModule;
import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.head.TaskModels;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of encoders as they are found: by other names, and with or without a head. */
class ModelFilesTest {

    private static final Path MODELS = Path.of("src/test/resources/golden/models");
    private static final TaskBatch BATCH = new TaskBatch(
            new long[][] {{2, 40, 51, 62, 3}, {2, 95, 3, 0, 0}}, new int[] {5, 3}, null, new long[][] {{0}, {1}});

    @TempDir
    Path folder;

    private Path renamed(Path model, UnaryOperator<String> names) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                SafeTensors tensors = SafeTensors.open(model.resolve("model.safetensors"))) {
            Map<String, NDArray> all = new LinkedHashMap<>();
            tensors.names().forEach(name -> all.put(names.apply(name), tensors.load(name, manager, true)));
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), all, Map.of("format", "pt"));
        }
        Files.copy(model.resolve("config.json"), folder.resolve("config.json"));
        return folder;
    }

    private static float[][][] scores(Path model, HeadTask task, Precision precision) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder opened = ModelFolder.open(model);
                TaskModel loaded = TaskModels.load(opened, manager, false, precision, new HeadSpec(task, 3, 7));
                TaskTuning tuning = new TaskTuning(
                        loaded, new FullFineTuning(new Parameters(Map.of())), SpanRule.OWN_TOKENS, false)) {
            return tuning.scores(BATCH);
        }
    }

    private static void assertSame(float[][][] expected, float[][][] actual, float tolerance) {
        for (int row = 0; row < expected.length; row++) {
            for (int place = 0; place < expected[row].length; place++) {
                assertArrayEquals(expected[row][place], actual[row][place], tolerance);
            }
        }
    }

    /** bert-base-uncased's norms still have TensorFlow's names; a bare model's file has no prefix. */
    @ParameterizedTest
    @CsvSource({"bert,SEQ_CLS", "bert,TOKEN_CLS", "roberta,SEQ_CLS"})
    void namesMayBeOthers(String family, HeadTask task) throws IOException {
        Path model = MODELS.resolve(family);
        float[][][] expected = scores(model, task, Precision.FLOAT32);
        UnaryOperator<String> names = name -> name.replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta")
                .replaceFirst("^" + family + "\\.", "");
        assertSame(expected, scores(renamed(model, names), task, Precision.FLOAT32), 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    void frozenWeightsMayBeSmaller(Precision precision) {
        Path model = MODELS.resolve("bert");
        float[][][] whole = scores(model, HeadTask.TOKEN_CLS, Precision.FLOAT32);
        assertSame(whole, scores(model, HeadTask.TOKEN_CLS, precision), 0.05f);
    }

    /** A pooler that the file lacks is part of the head, so that it is saved; one that is there stays as it is. */
    @ParameterizedTest
    @CsvSource({"models/bert,bert.pooler classifier", "cases/bert.seq_cls.full/init,classifier"})
    void aMissingPoolerIsTrained(String path, String modules) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder opened = ModelFolder.open(MODELS.resolveSibling(path));
                TaskModel model = load(opened, manager, 3)) {
            List<String> names =
                    model.head().modules().stream().map(HeadModule::name).toList();
            assertEquals(List.of(modules.split(" ")), names);
            Stream<NDArray> trained = model.weights().values().stream().filter(NDArray::hasGradient);
            assertEquals(2L * names.size(), trained.count());
        }
    }

    @Test
    void aHeadForOtherLabelsIsRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder opened = ModelFolder.open(MODELS.resolveSibling("cases/bert.seq_cls.full/init"))) {
            String message = assertThrows(InvalidModelException.class, () -> load(opened, manager, 2))
                    .getMessage();
            assertTrue(message.contains("the model's own head is for 3 labels"), message);
        }
    }

    private static TaskModel load(ModelFolder folder, NDManager manager, int labels) {
        return TaskModels.load(folder, manager, false, Precision.FLOAT32, new HeadSpec(HeadTask.SEQ_CLS, labels, 7));
    }
}
