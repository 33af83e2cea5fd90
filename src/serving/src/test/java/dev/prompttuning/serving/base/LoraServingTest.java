package dev.prompttuning.serving.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.serving.adapter.AdapterRegistry;
import dev.prompttuning.serving.adapter.AdapterSource;
import dev.prompttuning.serving.adapter.AdapterStatus;
import dev.prompttuning.serving.adapter.LoadedAdapter;
import dev.prompttuning.serving.engine.Engine;
import dev.prompttuning.serving.engine.Opening;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.engine.ServingMetrics;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * LoRA, and a prompt with LoRA, behind one base model. What PEFT generates with a prompt on the model that LoRA was merged into is
 * in {@code prompt-with-lora.json}.
 */
class LoraServingTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** A base model and its adapters on an engine of their own. */
    private record Server(BaseLanguageModel base, Engine engine, PeftAdapterLoader loader) implements AutoCloseable {

        static Server start(String family) {
            BaseLanguageModel base = LanguageModels.load(
                    GOLDEN.resolve("models").resolve(family), Dtype.AUTO, null, PyTorch.start(DeviceChoice.CPU));
            ServingMetrics metrics = new ServingMetrics(new SimpleMeterRegistry(), family);
            Engine engine = new Engine(base, base, 8, metrics);
            return new Server(base, engine, new PeftAdapterLoader(base, engine, metrics, 512, Clock.systemUTC()));
        }

        long[] answer(Prefix prefix, long[] prompt) {
            return engine.onModelThread(() -> {
                        Opening opening = base.begin(prefix, prompt);
                        try (DecodeSession session = opening.session()) {
                            return Generator.generate(
                                            session,
                                            opening.tokens(),
                                            GenerationSettings.greedy(12).withMinNewTokens(12))
                                    .tokens();
                        }
                    })
                    .join();
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static Path adapter(String name) {
        return GOLDEN.resolve("cases/" + name + "/adapter_trained");
    }

    private Path together(String prompt, String lora) throws IOException {
        Path both = Files.createDirectory(folder.resolve("both"));
        copy(adapter(prompt), both);
        copy(adapter(lora), Files.createDirectory(both.resolve("lora")));
        return both;
    }

    private static void copy(Path from, Path to) throws IOException {
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }

    private static long[] longs(JsonNode array) {
        return JSON.convertValue(array, long[].class);
    }

    @ParameterizedTest
    @CsvSource({"qwen2,prompt-random", "qwen2,prefix-mlp", "gpt2,prompt-text", "qwen3,prefix"})
    void eachRequestRunsWithItsOwnAdapter(String family, String promptMethod) throws IOException {
        String lora = family + ".causal_lm.lora";
        String prompt = family + ".causal_lm." + promptMethod;
        JsonNode ofLora = JSON.readTree(
                        GOLDEN.resolve("cases/" + lora + "/case.json").toFile())
                .get("generate_greedy");
        JsonNode ofPrompt = JSON.readTree(
                        GOLDEN.resolve("cases/" + prompt + "/case.json").toFile())
                .get("generate_greedy");
        List<JsonNode> ofBoth = ofBoth(family, promptMethod);
        try (Server server = Server.start(family)) {
            LoadedAdapter additions = server.loader.load(new AdapterSource("lora", adapter(lora)));
            LoadedAdapter virtual = server.loader.load(new AdapterSource("prompt", adapter(prompt)));
            LoadedAdapter both = server.loader.load(new AdapterSource("both", together(prompt, lora)));
            assertEquals(0, additions.prefix().length());
            assertEquals(virtual.prefix().length(), both.prefix().length());
            long[] bare = server.answer(Prefix.NONE, longs(ofLora.get(0).get("input_ids")));
            for (int i = 0; i < 3; i++) {
                for (JsonNode expected : ofBoth) {
                    assertAnswer(server, both, expected);
                }
                ofLora.forEach(expected -> assertAnswer(server, additions, expected));
                ofPrompt.forEach(expected -> assertAnswer(server, virtual, expected));
            }
            List.of(additions, virtual, both).forEach(server.loader::unload);
            assertArrayEquals(
                    bare, server.answer(Prefix.NONE, longs(ofLora.get(0).get("input_ids"))));
        }
    }

    private static List<JsonNode> ofBoth(String family, String prompt) throws IOException {
        List<JsonNode> chosen = new ArrayList<>();
        JSON.readTree(LoraServingTest.class.getResource("/prompt-with-lora.json"))
                .forEach(expected -> {
                    if (expected.get("family").asText().equals(family)
                            && expected.get("prompt").asText().equals(prompt)) {
                        chosen.add(expected);
                    }
                });
        assertEquals(3, chosen.size());
        return chosen;
    }

    private static void assertAnswer(Server server, LoadedAdapter adapter, JsonNode expected) {
        assertArrayEquals(
                longs(expected.get("new_tokens")),
                server.answer(adapter.prefix(), longs(expected.get("input_ids"))),
                adapter.source().name());
    }

    @Test
    void ofPromptsForSeveralTasksOneHasToBeNamed() throws IOException {
        copy(adapter("qwen3.causal_lm.prefix"), Files.createDirectories(folder.resolve("tasks/stars")));
        Files.writeString(folder.resolve("tasks.json"), "[\"stars\"]");
        try (Server server = Server.start("qwen3")) {
            AdapterRegistry registry = new AdapterRegistry(server.loader, "base");
            registry.match(List.of(
                    new AdapterSource("all", folder), new AdapterSource("stars", folder.resolve("tasks/stars"))));
            assertEquals(
                    List.of(AdapterStatus.State.FAILED, AdapterStatus.State.LOADED),
                    registry.statuses().stream().map(AdapterStatus::state).toList());
            assertTrue(registry.statuses()
                    .get(0)
                    .message()
                    .endsWith("use the folder of one of them, such as " + folder.resolve("tasks/stars")));
        }
    }

    @Test
    void loraOfAnotherModelIsRefused() {
        try (Server server = Server.start("qwen3")) {
            AdapterSource source = new AdapterSource("lora", adapter("qwen2.causal_lm.lora"));
            String message = assertThrows(InvalidAdapterException.class, () -> server.loader.load(source))
                    .getMessage();
            assertTrue(message.contains("was made for another base model"), message);
        }
    }
}
