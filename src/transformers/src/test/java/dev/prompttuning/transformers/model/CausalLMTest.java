package dev.prompttuning.transformers.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CausalLMTest {

    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final long[] TOKENS = {5, 17, 42, 99, 3, 250, 7, 31};

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama", "mistral", "gpt2", "bloom"})
    void aSessionSaysWhatOnePassSays(String family) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve(family));
                CausalLM model = CausalModels.load(folder, manager);
                Autograd off = Autograd.off();
                Scope scope = Scope.open();
                CausalSession session = new CausalSession(model, KeyValues.NONE)) {
            TokenLayout layout = TokenLayout.causal(1, 0, TOKENS.length);
            NDArray hidden = model.forward(model.embed(new long[][] {TOKENS}), layout, KeyValues.NONE);
            float[] whole = model.logits(hidden.get(":, -1, :")).toFloatArray();
            float[] last = null;
            for (long token : TOKENS) {
                last = session.feed(new long[][] {{token}})[0];
            }
            assertEquals(TOKENS.length, session.length());
            assertArrayEquals(whole, last, 1e-4f);
        }
    }

    @Test
    void aGraphKeepsWhatItReadsAgainUntilTheBackwardPass() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve("llama"));
                CausalLM model = CausalModels.load(folder, manager)) {
            float[] expected = gradient(model, () -> {});
            for (int round = 0; round < 3; round++) {
                assertArrayEquals(expected, gradient(model, CausalLMTest::reuseFreedMemory), 1e-5f);
            }
        }
    }

    /** Collects buffers nobody refers to, and fills the memory that was theirs with garbage. */
    private static void reuseFreedMemory() {
        System.gc();
        for (int i = 0; i < 2000; i++) {
            ByteBuffer garbage = ByteBuffer.allocateDirect(64 + 16 * (i % 256));
            while (garbage.hasRemaining()) {
                garbage.put((byte) 0x7f);
            }
        }
    }

    private static float[] gradient(CausalLM model, Runnable betweenPasses) {
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            NDArray leaf = Autograd.leaf(model.embed(new long[][] {TOKENS}));
            NDArray hidden = model.forward(leaf, TokenLayout.causal(1, 0, TOKENS.length), KeyValues.NONE);
            NDArray loss = model.logits(hidden).square().mean();
            betweenPasses.run();
            Autograd.backward(loss);
            return leaf.getGradient().toFloatArray();
        }
    }

    @Test
    void aThousandPassesKeepNothing() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve("qwen3"));
                CausalLM model = CausalModels.load(folder, manager)) {
            int before = resources(model);
            for (int i = 0; i < 1000; i++) {
                try (CausalSession session = new CausalSession(model, KeyValues.NONE)) {
                    session.feed(new long[][] {TOKENS});
                }
            }
            assertEquals(before, resources(model));
        }
    }

    private static int resources(CausalLM model) {
        return ((ai.djl.ndarray.BaseNDManager) model.manager())
                .getManagedArrays()
                .size();
    }

    @Test
    void moreTokensThanPositionsAreRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(MODELS.resolve("gpt2"));
                CausalLM model = CausalModels.load(folder, manager);
                CausalSession session = new CausalSession(model, KeyValues.NONE)) {
            long[][] tooMany = new long[1][513];
            String message = assertThrows(IllegalArgumentException.class, () -> session.feed(tooMany))
                    .getMessage();
            assertTrue(message.contains("513") && message.contains("512"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"model_type\": \"qwen2\"|\"model_type\": \"falcon\"|falcon",
                "\"hidden_size\": 32|\"hidden_size\": 48|model.embed_tokens.weight",
                "\"num_hidden_layers\": 2|\"num_hidden_layers\": 3|model.layers.2",
                "\"rope_type\": \"default\"|\"rope_type\": \"yarn\"|yarn",
                "\"vocab_size\": 480|\"vocab_size\": \"many\"|vocab_size"
            })
    void aConfigurationThatDoesNotFitIsOneSentence(String change, @TempDir Path folder) throws IOException {
        String[] parts = change.split("\\|");
        for (String file : new String[] {"model.safetensors", "tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(MODELS.resolve("qwen2").resolve(file), folder.resolve(file));
        }
        String config = Files.readString(MODELS.resolve("qwen2/config.json"));
        assertTrue(config.contains(parts[0]), config);
        Files.writeString(folder.resolve("config.json"), config.replace(parts[0], parts[1]));
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder model = ModelFolder.open(folder)) {
            String message = assertThrows(InvalidModelException.class, () -> CausalModels.load(model, manager))
                    .getMessage();
            assertTrue(message.contains(parts[2]) && message.contains(folder.toString()), message);
        }
    }
}
