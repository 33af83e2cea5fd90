package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.task.SpanRule;
import dev.prompttuning.peft.task.TaskTuning;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.head.HeadSpec;
import dev.prompttuning.transformers.head.HeadTask;
import dev.prompttuning.transformers.head.TaskModel;
import dev.prompttuning.transformers.head.TaskModels;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PEFT's own adapters with heads, read and written. */
class HeadFolderTest {

    private static final Path CASES = Path.of("src/test/resources/golden/cases");

    @TempDir
    Path written;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert.seq_cls.prompt-random",
                "bert.token_cls.prefix",
                "bert.question_ans.lora",
                "roberta.seq_cls.lora",
                "roberta.question_ans.prompt-random",
                "roberta.seq_cls.prefix",
                "qwen2.seq_cls.prefix",
                "qwen2.seq_cls.lora"
            })
    void whatWasReadComputesTheSameAndIsWrittenAsItWas(String name) throws IOException {
        Path saved = CASES.resolve(name).resolve("adapter_trained");
        try (TaskGoldenModel fresh = TaskGoldenModel.load(GoldenCase.open(CASES.resolve(name)), false)) {
            TaskModel model = fresh.model();
            Tuning tuning = new TuningFolder(saved).read(model, model.manager());
            try (TaskTuning task = new TaskTuning(model, tuning, SpanRule.AS_PEFT, false)) {
                new TaskGoldenModel(fresh.golden(), fresh.manager(), fresh.folder(), model, tuning, task)
                        .assertLogits("trained_eval.safetensors", 1e-4, false);
            }
            JsonNode config = json(saved);
            TuningFolder.Origin origin = new TuningFolder.Origin(
                    config.get("base_model_name_or_path").asText(),
                    Optional.empty(),
                    new PromptInit.Random(),
                    List.of());
            new TuningFolder(written).write(tuning, model, origin);
            // PEFT names a prompt's modules once more each time it saves them.
            Set<String> modules = new LinkedHashSet<>();
            config.get("modules_to_save").forEach(module -> modules.add(module.asText()));
            ((ObjectNode) config).set("modules_to_save", new ObjectMapper().valueToTree(modules));
            assertEquals(config, json(written));
            String weights = "adapter_model.safetensors";
            assertArrayEquals(
                    Files.readAllBytes(saved.resolve(weights)), Files.readAllBytes(written.resolve(weights)), name);
        }
    }

    private static JsonNode json(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("adapter_config.json").toFile());
    }

    @Test
    void othersLabelsAndTasksAreRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(CASES.resolve("../models/roberta"));
                TaskModel two = load(folder, manager, HeadTask.SEQ_CLS, 2);
                TaskModel tags = load(folder, manager, HeadTask.TOKEN_CLS, 3)) {
            assertRefused("roberta.seq_cls.prefix", two, "was made for another model or other labels");
            assertRefused("roberta.seq_cls.lora", two, "was made for another model or other labels");
            assertRefused("roberta.seq_cls.prefix", tags, "is for the task SEQ_CLS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2.seq_cls.prompt-random", "qwen2.seq_cls.lora"})
    void aClassifierGeneratesNoText(String name) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(CASES.resolve("../models/qwen2"));
                CausalLM model = CausalModels.load(folder, manager)) {
            TuningFolder adapter = new TuningFolder(CASES.resolve(name).resolve("adapter_trained"));
            String message = assertThrows(InvalidAdapterException.class, () -> adapter.readForOneTask(model, manager))
                    .getMessage();
            assertTrue(message.contains("is for the task SEQ_CLS"), message);
        }
    }

    private static TaskModel load(ModelFolder folder, NDManager manager, HeadTask task, int labels) {
        return TaskModels.load(folder, manager, false, Precision.FLOAT32, new HeadSpec(task, labels, 1));
    }

    private static void assertRefused(String name, TaskModel model, String sentence) {
        TuningFolder adapter = new TuningFolder(CASES.resolve(name).resolve("adapter_trained"));
        String message = assertThrows(InvalidAdapterException.class, () -> adapter.read(model, model.manager()))
                .getMessage();
        assertTrue(message.contains(sentence), message);
    }
}
