package dev.prompttuning.serving.base;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFitTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden");

    @TempDir
    Path folder;

    private BaseLanguageModel base;

    @BeforeEach
    void load() {
        base = LanguageModels.load(GOLDEN.resolve("models/qwen2"), Dtype.AUTO, null, PyTorch.start(DeviceChoice.CPU));
    }

    @AfterEach
    void close() {
        base.close();
    }

    private static Path golden(String name) {
        return GOLDEN.resolve("cases/" + name + "/adapter_trained");
    }

    private Path withBase(String digest) throws IOException {
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(golden("qwen2.causal_lm.prefix").resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("provenance.json"), "{\"baseModel\": {\"digest\": \"" + digest + "\"}}");
        return folder;
    }

    private String refusal(Path adapter) {
        return assertThrows(InvalidAdapterException.class, () -> new AdapterFit(base).check(new TuningFolder(adapter)))
                .getMessage();
    }

    @Test
    void takesAnAdapterOfThisBaseModel() throws IOException {
        Path adapter = withBase(base.folder().digest());
        assertDoesNotThrow(() -> new AdapterFit(base).check(new TuningFolder(adapter)));
    }

    @Test
    void refusesAnAdapterOfAnotherDigest() throws IOException {
        String message = refusal(withBase("sha256:00"));
        assertTrue(
                message.contains(
                        "of digest sha256:00; this one's is " + base.folder().digest()),
                message);
    }

    @Test
    void refusesAnAdapterOfAnotherTask() {
        String message = refusal(golden("qwen2.seq_cls.prompt-random"));
        assertTrue(message.contains("was made for the task SEQ_CLS"), message);
    }
}
