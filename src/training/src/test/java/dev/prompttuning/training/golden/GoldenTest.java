package dev.prompttuning.training.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.peft.causal.Lanes;
import dev.prompttuning.peft.causal.Loss;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.generation.Generation;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.model.CausalSession;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The models and methods compute what PEFT computes. Runs over every case of a folder: the project's own, or the one that the
 * system property {@code golden} names.
 */
class GoldenTest {

    private static final Path ROOT = Path.of(System.getProperty("golden", "src/test/resources/golden"));

    static List<GoldenCase> cases() throws IOException {
        return all().filter(GoldenCase::isCausal).toList();
    }

    /** The cases of all tasks. */
    static Stream<GoldenCase> all() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve("cases"))) {
            return folders.sorted().map(GoldenCase::open).toList().stream();
        }
    }

    @ParameterizedTest
    @CsvSource({"qwen2", "qwen3", "llama", "mistral", "gpt2", "bloom"})
    void everyFamilyHasEveryMethod(String family) throws IOException {
        List<String> names = cases().stream().map(GoldenCase::toString).toList();
        for (String method : List.of(
                "prompt-random",
                "prompt-text",
                "ptuning-mlp",
                "ptuning-lstm",
                "prefix",
                "prefix-mlp",
                "lora",
                "full")) {
            assertTrue(names.contains(family + ".causal_lm." + method), "no case for " + family + " and " + method);
        }
    }

    @Test
    void everyCaseIsRun() throws IOException {
        all().forEach(golden ->
                assertTrue(golden.isCausal() || golden.isSeq2Seq() || golden.hasHead(), golden + " would not be run"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstStepHasTheLossAndTheGradients(GoldenCase golden) {
        for (boolean packed : new boolean[] {false, true}) {
            for (boolean recompute : new boolean[] {false, true}) {
                try (GoldenModel model = GoldenModel.load(golden, recompute)) {
                    Lanes batch = packed ? model.packed() : model.padded();
                    Map<String, NDArray> expected = golden.tensors("golden.safetensors", model.manager());
                    Loss loss = model.causal().train(batch, 1.0 / batch.labelledTokens());
                    assertEquals(expected.get("loss").getFloat(), loss.mean(), 1e-4);
                    assertGradients(model.tuning().parameters(), expected);
                }
            }
        }
    }

    static void assertGradients(Parameters parameters, Map<String, NDArray> expected) {
        expected.forEach((name, gradient) -> {
            if (name.startsWith("grad.")) {
                NDArray ours = parameters.get(name.substring("grad.".length())).getGradient();
                double difference = ours.sub(gradient).norm().getFloat();
                assertEquals(0, difference, 1e-3 * gradient.norm().getFloat() + 1e-8, name);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstForwardHasTheLogits(GoldenCase golden) {
        try (GoldenModel model = GoldenModel.load(golden, false)) {
            model.assertLogits("golden.safetensors", 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingEndsWhereItEndsInPeft(GoldenCase golden) throws IOException {
        try (GoldenModel model = GoldenModel.load(golden, false)) {
            Lanes batch = model.padded();
            GoldenRun run = GoldenRun.train(golden, model.tuning().parameters(), model.manager(), () -> model.causal()
                    .train(batch, 1.0 / batch.labelledTokens()));
            run.assertAsIn(golden);
            assertTrained(golden, model.tuning(), model.lm());
            model.assertLogits("trained_eval.safetensors", 2e-3);
            assertGenerates(golden, model.causal(), model);
        }
    }

    static void assertTrained(GoldenCase golden, Tuning tuning, LoadedModel model) {
        if (golden.isFull()) {
            golden.tensors("trained_ends.safetensors", model.manager())
                    .forEach((name, tensor) ->
                            assertClose(tensor, model.weights().getOrDefault(name, tensor), name));
            return;
        }
        try (Autograd off = Autograd.off()) {
            Map<String, NDArray> ours = tuning.lora()
                    .map(Lora::saved)
                    .orElseGet(() -> Map.of(
                            "prompt_embeddings", tuning.prompt().orElseThrow().promptEmbeddings()));
            Map<String, NDArray> expected =
                    golden.tensors("adapter_trained/adapter_model.safetensors", model.manager());
            assertEquals(expected.keySet(), ours.keySet());
            expected.forEach((name, tensor) -> assertClose(tensor, ours.get(name), name));
        }
    }

    static void assertClose(NDArray expected, NDArray actual, String name) {
        try (Autograd off = Autograd.off()) {
            assertEquals(expected.getShape(), actual.getShape(), name);
            assertEquals(0, actual.sub(expected).abs().max().getFloat(), 1e-3, name);
        }
    }

    private static void assertGenerates(GoldenCase golden, CausalTuning causal, GoldenModel model) {
        GenerationSettings settings = GenerationSettings.fromGenerationConfig(
                model.folder().generationConfig().orElseThrow());
        for (JsonNode sample : golden.json().get("generate_greedy")) {
            long[] expected = longs(sample.get("new_tokens"));
            try (KeyValues prefix = causal.prefix();
                    CausalSession session = new CausalSession(causal.model(), prefix)) {
                Generation generation = Generator.generate(
                        session,
                        longs(sample.get("input_ids")),
                        settings.withMaxNewTokens(expected.length).withMinNewTokens(expected.length));
                assertArrayEquals(
                        expected, generation.tokens(), sample.get("prompt").asText());
            }
        }
    }

    static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }
}
