package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.peft.seq2seq.Seq2SeqTuning;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.seq2seq.Seq2SeqLM;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PEFT's own adapters for T5, read and written. */
class Seq2SeqFolderTest {

    private static final Path CASES = Path.of("src/test/resources/golden/cases");

    @TempDir
    Path written;

    private static Seq2SeqGoldenModel model(String method) {
        return Seq2SeqGoldenModel.load(GoldenCase.open(CASES.resolve("t5.seq_2_seq_lm." + method)), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt-random", "ptuning-lstm", "prefix", "prefix-mlp", "lora"})
    void whatWasReadComputesTheSame(String method) {
        try (Seq2SeqGoldenModel fresh = model(method)) {
            Seq2SeqLM lm = fresh.lm();
            Tuning tuning = new TuningFolder(fresh.golden().folder().resolve("adapter_trained")).read(lm, lm.manager());
            int expected = method.equals("lora") ? 0 : 6;
            assertEquals(
                    expected, tuning.prompt().map(SoftPrompt::numVirtualTokens).orElse(0));
            try (Seq2SeqTuning seq2seq = new Seq2SeqTuning(lm, tuning, false)) {
                new Seq2SeqGoldenModel(fresh.golden(), fresh.manager(), fresh.folder(), lm, tuning, seq2seq)
                        .assertLogits("trained_eval.safetensors", 1e-4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt-random", "prefix", "lora"})
    void whatWasReadIsWrittenAsItWas(String method) throws IOException {
        try (Seq2SeqGoldenModel fresh = model(method)) {
            Path saved = fresh.golden().folder().resolve("adapter_trained");
            JsonNode config = json(saved);
            Tuning tuning = new TuningFolder(saved).read(fresh.lm(), fresh.lm().manager());
            TuningFolder.Origin origin = new TuningFolder.Origin(
                    config.get("base_model_name_or_path").asText(),
                    Optional.empty(),
                    new PromptInit.Random(),
                    List.of());
            new TuningFolder(written).write(tuning, fresh.lm(), origin);
            assertEquals(config, json(written));
            String weights = "adapter_model.safetensors";
            assertArrayEquals(Files.readAllBytes(saved.resolve(weights)), Files.readAllBytes(written.resolve(weights)));
        }
    }

    private static JsonNode json(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("adapter_config.json").toFile());
    }

    @Test
    void eachKindOfModelHasItsOwnAdapters() {
        try (Seq2SeqGoldenModel t5 = model("lora");
                NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(CASES.resolve("../models/qwen2"));
                CausalLM qwen2 = CausalModels.load(folder, manager)) {
            TuningFolder causal = new TuningFolder(CASES.resolve("qwen2.causal_lm.lora/adapter_trained"));
            TuningFolder seq2seq = new TuningFolder(t5.golden().folder().resolve("adapter_trained"));
            assertRefused("is for the task CAUSAL_LM", () -> causal.read(t5.lm(), manager));
            assertRefused("is for the task SEQ_2_SEQ_LM", () -> seq2seq.read(qwen2, manager));
            TuningFolder labels = new TuningFolder(CASES.resolve("bert.seq_cls.lora/adapter_trained"));
            assertRefused("does not generate text", () -> labels.read(t5.lm(), manager));
        }
    }

    private static void assertRefused(String sentence, Executable reading) {
        String message = assertThrows(InvalidAdapterException.class, reading).getMessage();
        assertTrue(message.contains(sentence), message);
    }
}
