package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.training.UserMistakeException;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;
import dev.prompttuning.transformers.safetensors.Dtype;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportJobTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path folder;

    private static Path adapter(String name) {
        return GOLDEN.resolve("cases/" + name + "/adapter_trained");
    }

    private Path export(Path base, Path adapter) throws IOException {
        Path output = folder.resolve("merged");
        new ExportJob(base, adapter, output, Device.cpu()).run();
        return output;
    }

    /** Scores behind some tokens, of a model and an adapter on it. */
    private static float[] scores(NDManager manager, Path base, Optional<Path> adapter) {
        try (ModelFolder model = ModelFolder.open(base);
                CausalLM lm = CausalModels.load(model, manager);
                CausalTuning tuned = adapter.map(
                                path -> new CausalTuning(lm, new TuningFolder(path).read(lm, lm.manager()), false))
                        .orElseGet(() -> CausalTuning.untuned(lm));
                Autograd off = Autograd.off();
                KeyValues prefix = tuned.prefix();
                Scope scope = Scope.open()) {
            long[][] tokens = {{5, 17, 42, 99, 3}};
            NDArray embeddings = tuned.model().embed(tokens);
            TokenLayout layout = TokenLayout.causal(1, prefix.length(), 5);
            NDArray scores = tuned.model().logits(tuned.model().forward(embeddings, layout, prefix));
            return scores.toFloatArray();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama", "mistral", "gpt2", "bloom"})
    void theMergedModelSaysWhatTheAdapterSays(String family) throws IOException {
        Path base = GOLDEN.resolve("models").resolve(family);
        Path adapter = adapter(family + ".causal_lm.lora");
        Path merged = export(base, adapter);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] expected = scores(manager, base, Optional.of(adapter));
            assertArrayEquals(expected, scores(manager, merged, Optional.empty()), 1e-4f);
            float[] bare = scores(manager, base, Optional.empty());
            assertThrows(AssertionError.class, () -> assertArrayEquals(expected, bare, 1e-2f));
        }
        try (SafeTensors before = SafeTensors.open(base);
                SafeTensors after = SafeTensors.open(merged)) {
            assertEquals(before.names(), after.names());
        }
        assertTrue(Files.isRegularFile(merged.resolve("tokenizer.json")));
    }

    @Test
    void aHalfPrecisionModelStaysOne() throws IOException {
        Path base = Files.createDirectory(folder.resolve("half"));
        Path whole = GOLDEN.resolve("models/qwen2");
        Files.copy(whole.resolve("config.json"), base.resolve("config.json"));
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                SafeTensors tensors = SafeTensors.open(whole)) {
            Map<String, NDArray> all = new HashMap<>();
            tensors.names().forEach(name -> all.put(name, tensors.load(name, manager)));
            SafeTensorsWriter.write(base.resolve("model.safetensors"), all, Map.of(), Dtype.BF16);
        }
        Path merged = export(base, adapter("qwen2.causal_lm.lora"));
        try (SafeTensors tensors = SafeTensors.open(merged)) {
            tensors.names()
                    .forEach(name -> assertEquals(Dtype.BF16, tensors.info(name).dtype()));
        }
    }

    @Test
    void thePromptOfAPromptWithLoraStandsInFrontOfTheMergedModel() throws IOException {
        Path both = Files.createDirectory(folder.resolve("both"));
        new TuningFolder(adapter("qwen2.causal_lm.prompt-random")).copyFilesTo(both);
        new TuningFolder(adapter("qwen2.causal_lm.lora")).copyFilesTo(both.resolve("lora"));
        Path base = GOLDEN.resolve("models/qwen2");
        Path merged = export(base, both);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertArrayEquals(
                    scores(manager, base, Optional.of(both)),
                    scores(manager, merged, Optional.of(merged.resolve(ExportJob.PROMPT))),
                    1e-4f);
        }
    }

    @Test
    void aPromptAloneOrATakenPlaceIsAMistake() throws IOException {
        Path base = GOLDEN.resolve("models/qwen2");
        assertTrue(assertThrows(UserMistakeException.class, () -> export(base, adapter("qwen2.causal_lm.prefix")))
                .getMessage()
                .contains("no weights can stand for"));
        Files.createDirectory(folder.resolve("merged"));
        assertTrue(assertThrows(UserMistakeException.class, () -> export(base, adapter("qwen2.causal_lm.lora")))
                .getMessage()
                .contains("is there already"));
    }
}
