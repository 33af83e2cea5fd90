package dev.prompttuning.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakeBaseModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path first;

    @TempDir
    private static Path second;

    @BeforeAll
    static void make() throws IOException {
        MakeBaseModel.write(first);
        MakeBaseModel.write(second);
    }

    @Test
    void writesTheSameFilesEveryTime() throws IOException {
        List<String> files = List.of(
                "data/corpus.jsonl",
                "job.yaml",
                "models/random/README.md",
                "models/random/config.json",
                "models/random/generation_config.json",
                "models/random/model.safetensors",
                "models/random/tokenizer.json",
                "models/random/tokenizer_config.json");
        for (String file : files) {
            assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)), file);
        }
    }

    @Test
    void staysBelowEightMegabytes() throws IOException {
        assertTrue(Files.size(first.resolve("models/random/model.safetensors")) < 8_000_000);
    }

    @Test
    void writesSafetensorsThatFillTheirFile() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(first.resolve("models/random/model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(file.getLong());
        JsonNode tensors = JSON.readTree(file.array(), Long.BYTES, header);
        int end = StreamSupport.stream(tensors.spliterator(), false)
                .mapToInt(tensor -> tensor.path("data_offsets").path(1).asInt())
                .max()
                .orElseThrow();
        assertEquals(file.capacity(), Long.BYTES + header + end);
        assertEquals(0, header % 8);
        int norm =
                tensors.path("model.norm.weight").path("data_offsets").path(0).asInt();
        assertEquals(1f, file.getFloat(Long.BYTES + header + norm));
        assertEquals(
                JSON.readTree("[1024, 96]"),
                tensors.path("model.embed_tokens.weight").path("shape"));
    }

    @Test
    void givesEveryTokenOneId() throws IOException {
        JsonNode tokenizer =
                JSON.readTree(first.resolve("models/random/tokenizer.json").toFile());
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        assertEquals(Recipe.VOCABULARY, vocabulary.size());
        assertEquals(
                Recipe.VOCABULARY,
                StreamSupport.stream(vocabulary.spliterator(), false).distinct().count());
        assertEquals(0, vocabulary.path("<|endoftext|>").asInt(-1));
        assertTrue(vocabulary.has("Ġdelivery"), "a frequent word is one token");
    }

    @Test
    void commitsTheTaskTheRecipeGives(@TempDir Path made) throws IOException {
        MakeTask.write(made);
        Path committed = Path.of(System.getProperty("project.root"), "examples", "quickstart");
        for (String file : List.of("train.jsonl", "held-out.jsonl")) {
            assertEquals(-1, Files.mismatch(committed.resolve(file), made.resolve(file)), file);
        }
    }

    @Test
    void commitsTheModelTheRecipeGives() throws IOException {
        Path committed = Path.of(System.getProperty("project.root"), "examples", "quickstart", "model");
        for (String file : List.of("README.md", "config.json", "generation_config.json", "tokenizer.json")) {
            Path made = first.resolve("models/random").resolve(file);
            assertEquals(-1, Files.mismatch(committed.resolve(file), made), file);
        }
        assertEquals(
                Files.size(first.resolve("models/random/model.safetensors")),
                Files.size(committed.resolve("model.safetensors")),
                1000);
    }
}
