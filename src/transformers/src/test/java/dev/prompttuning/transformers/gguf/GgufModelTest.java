package dev.prompttuning.transformers.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.memory.ModelMemory;
import dev.prompttuning.transformers.model.CausalLM;
import dev.prompttuning.transformers.model.CausalModels;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufModelTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final Path REFERENCES = Path.of("src/test/resources/gguf");
    private static final long[][] TOKENS = {{5, 17, 42, 99, 3, 250, 7, 31}};

    @TempDir
    Path temporary;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager("PyTorch");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void readsEveryTypeAsTheReferenceDoes(String type) {
        try (var tensors = GgufModel.open(REFERENCES.resolve("types.gguf")).tensors();
                SafeTensors expected = SafeTensors.open(REFERENCES.resolve("types.safetensors"))) {
            NDArray values = tensors.load(type, manager);
            assertEquals(expected.load(type, manager).getShape(), values.getShape());
            assertArrayEquals(expected.load(type, manager).toFloatArray(), values.toFloatArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama"})
    void aModelSaysWhatItsFolderSays(String family) throws IOException {
        Path folder = plain(family);
        Path file = GgufFile.of(folder, manager).write(temporary.resolve("model.gguf"));
        float[] expected = logits(folder, false);
        assertArrayEquals(expected, logits(file, false), 1e-5f);
        assertArrayEquals(expected, logits(temporary, true), 1e-5f);
    }

    /** Llama's own scaling needs positions that the small model lacks. */
    private Path plain(String family) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("huggingface"));
        Path source = MODELS.resolve(family);
        Files.copy(source.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        ObjectNode config = (ObjectNode)
                new ObjectMapper().readTree(source.resolve("config.json").toFile());
        config.putObject("rope_parameters").put("rope_theta", 10000.0).put("rope_type", "default");
        new ObjectMapper().writeValue(folder.resolve("config.json").toFile(), config);
        return folder;
    }

    private float[] logits(Path path, boolean trainable) {
        try (ModelFolder folder = ModelFolder.open(path);
                CausalLM model = CausalModels.load(folder, manager, trainable);
                Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            TokenLayout layout = TokenLayout.causal(1, 0, TOKENS[0].length);
            return model.logits(model.forward(model.embed(TOKENS), layout, KeyValues.NONE))
                    .toFloatArray();
        }
    }

    @Test
    void rotationOfLlamaThreeIsFoundInItsFrequencies() throws IOException {
        GgufFile file = GgufFile.of(MODELS.resolve("llama"), manager);
        float[] factors = {1, 1, 8, 8};
        file.values.put("llama.rope.freq_base", 1e8);
        file.floats("rope_freqs.weight", new long[] {4}, factors);
        JsonNode rotary = GgufModel.open(file.write(temporary.resolve("new.gguf")))
                .config()
                .path("rope_parameters");
        assertEquals("llama3", rotary.path("rope_type").asText());
        assertEquals(8, rotary.path("factor").asDouble());
        factors[1] = 3;
        GgufModel strange = GgufModel.open(
                file.floats("rope_freqs.weight", new long[] {4}, factors).write(temporary.resolve("strange.gguf")));
        assertTrue(assertThrows(InvalidModelException.class, strange::config)
                .getMessage()
                .contains("rope_freqs.weight"));
    }

    @Test
    void singlePrecisionStaysInTheFileWhereItsOrderIsTheSame() throws IOException {
        Path file = GgufFile.of(MODELS.resolve("llama"), manager).write(temporary.resolve("model.gguf"));
        try (ModelFolder folder = ModelFolder.open(file)) {
            var tensors = folder.tensors();
            assertTrue(tensors.info("model.layers.0.self_attn.v_proj.weight").inPlace());
            assertFalse(tensors.info("model.layers.0.self_attn.q_proj.weight").inPlace());
            long moved = tensors.names().stream()
                    .filter(name -> name.contains("q_proj") || name.contains("k_proj"))
                    .mapToLong(name -> tensors.info(name).size())
                    .sum();
            assertEquals(4 * moved, new ModelMemory(folder).frozen(Precision.FLOAT32));
        }
    }

    @Test
    void itsTokenizerCutsTextsAsTheFolderDoes() throws IOException {
        Path source = MODELS.resolve("gpt2");
        Path file = GgufFile.of(MODELS.resolve("qwen2"), manager)
                .withTokenizer(source, "gpt-2")
                .write(temporary.resolve("model.gguf"));
        try (Tokenizer expected = Tokenizer.load(source);
                Tokenizer tokenizer = Tokenizer.load(file)) {
            for (String text :
                    new String[] {"", "the other 12  things", "Zürich\n\n'tis\t…", "don't <|endoftext|> 水"}) {
                long[] ids = expected.encode(text, true);
                assertArrayEquals(ids, tokenizer.encode(text, true), text);
                assertEquals(expected.decode(ids, false), tokenizer.decode(ids, false));
            }
            assertEquals(expected.specialIds(), tokenizer.specialIds());
        }
    }

    @Test
    void rolesAndTemplateComeFromTheFile() throws IOException {
        GgufFile file = GgufFile.of(MODELS.resolve("qwen2"), manager).withTokenizer(MODELS.resolve("qwen2"), "qwen2");
        file.values.put("tokenizer.ggml.eos_token_id", 2L);
        file.values.put("tokenizer.ggml.bos_token_id", 1L);
        file.values.put("tokenizer.ggml.eot_token_id", 1L);
        file.values.put("tokenizer.ggml.add_bos_token", true);
        file.values.put("tokenizer.chat_template", "{{ messages[0].content }}");
        Path path = file.write(temporary.resolve("model.gguf"));
        try (Tokenizer tokenizer = Tokenizer.load(path);
                ModelFolder folder = ModelFolder.open(path)) {
            assertEquals(2, tokenizer.eosTokenId().orElseThrow());
            assertEquals("{{ messages[0].content }}", tokenizer.chatTemplate().orElseThrow());
            assertEquals(1, tokenizer.encode("the", true)[0]);
            assertNotEquals(1, tokenizer.encode("the", false)[0]);
            assertEquals(
                    "[2,1]",
                    folder.generationConfig().orElseThrow().path("eos_token_id").toString());
        }
    }

    @Test
    void sentencePieceCutsTextsAsItsOwnProgramDoes() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(REFERENCES.resolve("sentencepiece.json").toFile());
        try (Tokenizer tokenizer = Tokenizer.load(REFERENCES.resolve("sentencepiece.gguf"))) {
            for (JsonNode each : cases) {
                String text = each.path("text").asText();
                long[] expected = new ObjectMapper().convertValue(each.path("ids"), long[].class);
                assertArrayEquals(expected, tokenizer.encode(text, false), text);
                assertEquals(each.path("decoded").asText(), tokenizer.decode(expected, true), text);
            }
            assertEquals(1, tokenizer.encode("The river", true)[0]);
        }
    }

    @Test
    void whatIsMadeOfItIsAHuggingFaceFolder() throws IOException {
        Path file = GgufFile.of(plain("llama"), manager)
                .withTokenizer(MODELS.resolve("gpt2"), "gpt-2")
                .write(temporary.resolve("model.gguf"));
        Path made = Files.createDirectory(temporary.resolve("made"));
        try (ModelFolder folder = ModelFolder.open(file);
                CausalLM model = CausalModels.load(folder, manager, true);
                Tokenizer tokenizer = Tokenizer.load(file)) {
            folder.copyBesideWeights(made);
            SafeTensorsWriter.write(made.resolve("model.safetensors"), model.weights(), Map.of());
            try (Tokenizer again = Tokenizer.load(made)) {
                assertArrayEquals(tokenizer.encode("the other", true), again.encode("the other", true));
            }
        }
        assertArrayEquals(logits(file, false), logits(made, false));
    }

    @Test
    void whatCannotBeUsedIsToldInASentence() throws IOException {
        Path file = temporary.resolve("model.gguf");
        GgufFile whole = GgufFile.of(MODELS.resolve("qwen2"), manager);
        byte[] bytes = whole.bytes();
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5000));
        assertRefused(file, "Tensor \"", "needs", "download it again");
        Files.write(file, java.util.Arrays.copyOf(bytes, 400));
        assertRefused(file, "download it again");
        Files.write(file, new byte[100]);
        assertRefused(file, "does not start with GGUF's mark");
        whole.tensor("blk.0.attn_q.weight", 17, new long[] {32, 256}, new byte[4096])
                .write(file);
        assertRefused(file, "Tensor \"blk.0.attn_q.weight\"", "type 17", "Q4_K");
        GgufFile other = GgufFile.of(MODELS.resolve("qwen2"), manager);
        other.values.put("general.architecture", "mamba");
        other.write(file);
        assertRefused(file, "general.architecture \"mamba\"", "llama, qwen2, qwen3");
        Files.copy(file, temporary.resolve("second.gguf"));
        assertRefused(temporary, "holds 2 GGUF files");
    }

    private static void assertRefused(Path path, String... parts) {
        String message = assertThrows(InvalidModelException.class, () -> ModelFolder.open(path))
                .getMessage();
        assertTrue(message.contains(path.toString()), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void noDamagedHeaderIsMoreThanARefusal() throws IOException {
        byte[] bytes = GgufFile.of(MODELS.resolve("qwen2"), manager)
                .withTokenizer(MODELS.resolve("qwen2"), "qwen2")
                .bytes();
        Random random = new Random(3);
        Path file = temporary.resolve("model.gguf");
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] damaged = bytes.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(round % 2 == 0 ? 800 : 20_000)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try (Tokenizer tokenizer = Tokenizer.load(file);
                    ModelFolder folder = ModelFolder.open(file)) {
                assertEquals("qwen2", folder.modelType());
            } catch (InvalidModelException e) {
                refused++;
            }
        }
        assertTrue(refused > 50, refused + " refused");
    }
}
