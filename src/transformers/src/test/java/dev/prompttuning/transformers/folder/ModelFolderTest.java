package dev.prompttuning.transformers.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/models/qwen2");

    @TempDir
    Path folder;

    @BeforeEach
    void copyModel() throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(GOLDEN.resolve(file), folder.resolve(file));
        }
    }

    @Test
    void opensAModel() {
        try (ModelFolder model = ModelFolder.open(GOLDEN)) {
            assertEquals("qwen2", model.modelType());
            assertEquals(
                    model.config().path("vocab_size").asLong(),
                    model.tensors().info("model.embed_tokens.weight").shape()[0]);
            assertTrue(model.generationConfig().isPresent());
        }
        try (ModelFolder model = ModelFolder.open(folder)) {
            assertTrue(model.generationConfig().isEmpty());
        }
    }

    @Test
    void digestChangesWithEveryByte() throws IOException {
        String digest = digest();
        assertTrue(digest.matches("sha256:[0-9a-f]{64}"), digest);
        assertEquals(digest, digest());
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        String changed = digest();
        assertNotEquals(digest, changed);
        Files.writeString(folder.resolve("config.json"), Files.readString(folder.resolve("config.json")) + "\n");
        assertNotEquals(changed, digest());
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertRefused(folder.resolve("absent"), "does not exist; a model folder holds config.json");
        Files.delete(folder.resolve("model.safetensors"));
        assertRefused(folder, "There are no safetensors weights in");
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        assertRefused(folder, "it has only pytorch_model.bin");
        Files.writeString(folder.resolve("config.json"), "{}");
        assertRefused(folder, "has no \"model_type\"");
        Files.writeString(folder.resolve("config.json"), "[]");
        assertRefused(folder, "is not a JSON object");
        Files.writeString(folder.resolve("config.json"), "{");
        assertRefused(folder, "cannot be read as JSON");
        Files.delete(folder.resolve("config.json"));
        assertRefused(folder, "There is no config.json in");
    }

    private String digest() {
        try (ModelFolder model = ModelFolder.open(folder)) {
            return model.digest();
        }
    }

    private static void assertRefused(Path path, String part) {
        String message = assertThrows(InvalidModelException.class, () -> ModelFolder.open(path))
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
