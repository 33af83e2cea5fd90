package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.LoraConfig;
import dev.prompttuning.peft.adapter.LoraFolder;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PEFT's own LoRA folders, read and written. */
class LoraFolderTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path QWEN2 = GOLDEN.resolve("cases/qwen2.causal_lm.lora/adapter_trained");

    @TempDir
    Path written;

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama", "mistral", "gpt2", "bloom"})
    void whatWasReadIsWrittenAsItWas(String family) throws IOException {
        Path saved = GOLDEN.resolve("cases/" + family + ".causal_lm.lora/adapter_trained");
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(GOLDEN.resolve("models").resolve(family));
                CausalLM model = CausalModels.load(folder, manager)) {
            LoraConfig config = new LoraFolder(saved).config();
            Lora lora = new LoraFolder(saved).read(model.linears(), manager);
            assertEquals(3.0, lora.addition(lora.maps().get(0)).orElseThrow().scale());
            new LoraFolder(written).write(config, lora);
        }
        for (String file : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            assertArrayEquals(Files.readAllBytes(saved.resolve(file)), Files.readAllBytes(written.resolve(file)), file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"use_dora\": true",
                "\"bias\": \"all\"",
                "\"init_lora_weights\": \"pissa_niter_4\"",
                "\"modules_to_save\": [\"lm_head\"]"
            })
    void whatIsNotComputedIsRefused(String setting) throws IOException {
        String key = setting.substring(0, setting.indexOf(':'));
        String config = Files.readString(QWEN2.resolve("adapter_config.json"))
                .replaceFirst(key + ": [^,]*", setting.replace("$", "\\$"));
        Files.writeString(written.resolve("adapter_config.json"), config);
        String message = assertThrows(InvalidAdapterException.class, () -> new LoraFolder(written).config())
                .getMessage();
        assertTrue(message.contains(key.replace("\"", "") + " is "), message);
        assertTrue(message.contains("not supported"), message);
    }

    @Test
    void ofAnotherModelIsRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(GOLDEN.resolve("models/qwen3"));
                CausalLM qwen3 = CausalModels.load(folder, manager);
                ModelFolder other = ModelFolder.open(GOLDEN.resolve("models/gpt2"));
                CausalLM gpt2 = CausalModels.load(other, manager)) {
            for (CausalLM model : new CausalLM[] {qwen3, gpt2}) {
                String message = assertThrows(InvalidAdapterException.class, () -> new LoraFolder(QWEN2)
                                .read(model.linears(), manager))
                        .getMessage();
                assertTrue(message.contains("was made for another base model"), message);
            }
        }
    }
}
