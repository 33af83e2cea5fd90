package dev.prompttuning.serving.seq2seq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.api.model.Dtype;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.serving.adapter.AdapterSource;
import dev.prompttuning.serving.adapter.LoadedAdapter;
import dev.prompttuning.serving.base.BaseLanguageModel;
import dev.prompttuning.serving.base.LanguageModels;
import dev.prompttuning.serving.base.PeftAdapterLoader;
import dev.prompttuning.serving.engine.AnswerListener;
import dev.prompttuning.serving.engine.Engine;
import dev.prompttuning.serving.engine.GenerationRequest;
import dev.prompttuning.serving.engine.Opening;
import dev.prompttuning.serving.engine.Prefix;
import dev.prompttuning.serving.engine.ServingMetrics;
import dev.prompttuning.serving.openai.FinishReason;
import dev.prompttuning.serving.openai.Usage;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.generation.DecodeSession;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T5 and PEFT's adapters for it, behind the engine. */
class Seq2SeqServingTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden");
    private static final Path T5 = GOLDEN.resolve("models/t5");
    private static final GenerationSettings TWELVE =
            GenerationSettings.greedy(12, 1).withMinNewTokens(12);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private BaseLanguageModel base;
    private Engine engine;
    private PeftAdapterLoader loader;

    @BeforeEach
    void start() {
        base = LanguageModels.load(T5, Dtype.AUTO, null, PyTorch.start(DeviceChoice.CPU));
        ServingMetrics metrics = new ServingMetrics(meters, "t5");
        engine = new Engine(base, base, 8, metrics);
        loader = new PeftAdapterLoader(base, engine, metrics, 512, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static Path golden(String name) {
        return GOLDEN.resolve("cases").resolve(name);
    }

    private static JsonNode samples(String method) throws IOException {
        return new ObjectMapper()
                .readTree(
                        golden("t5.seq_2_seq_lm." + method).resolve("case.json").toFile())
                .get("generate_greedy");
    }

    private static long[] longs(JsonNode array) {
        return new ObjectMapper().convertValue(array, long[].class);
    }

    private LoadedAdapter load(String method) {
        return loader.load(
                new AdapterSource(method, golden("t5.seq_2_seq_lm." + method).resolve("adapter_trained")));
    }

    private long[] answer(Prefix prefix, long[] prompt) {
        return engine.onModelThread(() -> {
                    Opening opening = base.begin(prefix, prompt);
                    try (DecodeSession session = opening.session()) {
                        return Generator.generate(session, opening.tokens(), TWELVE)
                                .tokens();
                    }
                })
                .join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt-random", "prompt-text", "ptuning-lstm", "prefix", "prefix-mlp", "lora"})
    void answersAsPeftDoes(String method) throws IOException {
        assertInstanceOf(Seq2SeqLanguageModel.class, base);
        LoadedAdapter adapter = load(method);
        long[] bare = answer(Prefix.NONE, longs(samples(method).get(0).get("input_ids")));
        for (JsonNode sample : samples(method)) {
            assertArrayEquals(
                    longs(sample.get("new_tokens")), answer(adapter.prefix(), longs(sample.get("input_ids"))));
        }
        loader.unload(adapter);
        assertArrayEquals(bare, answer(Prefix.NONE, longs(samples(method).get(0).get("input_ids"))));
    }

    @Test
    void aRequestReadsItsPromptAndWritesText() throws Exception {
        LoadedAdapter adapter = load("prompt-random");
        JsonNode sample = samples("prompt-random").get(1);
        long[] prompt = longs(sample.get("input_ids"));
        Heard heard = new Heard();
        engine.submit(new GenerationRequest("a", adapter.prefix(), List.of(prompt), 1, Optional.of(TWELVE)), heard);
        assertEquals(new Usage(prompt.length, 12), heard.usage.get(30, TimeUnit.SECONDS));
        assertEquals(base.tokenizer().decode(longs(sample.get("new_tokens")), true), heard.text.toString());
        // The encoder reads six virtual tokens and the prompt; the decoder is fed the start token and eleven of its
        // own.
        assertEquals(
                6 + prompt.length + 12,
                meters.get("prompttuning.forward.tokens").counter().count());
    }

    @Test
    void whatDoesNotFitIsSaid() {
        String task = assertThrows(
                        InvalidAdapterException.class,
                        () -> loader.load(new AdapterSource(
                                "a", golden("qwen2.causal_lm.lora").resolve("adapter_trained"))))
                .getMessage();
        assertTrue(
                task.contains("made for the task CAUSAL_LM, and this base model generates text for SEQ_2_SEQ_LM"),
                task);
        String dtype = assertThrows(
                        InvalidModelException.class,
                        () -> LanguageModels.load(T5, Dtype.FLOAT16, null, PyTorch.start(DeviceChoice.CPU)))
                .getMessage();
        assertTrue(dtype.startsWith("baseModel.dtype: Precision FLOAT16"), dtype);
    }

    private static final class Heard implements AnswerListener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Usage> usage = new CompletableFuture<>();

        @Override
        public void text(int index, String piece) {
            text.append(piece);
        }

        @Override
        public void finished(int index, FinishReason reason) {
            assertEquals(FinishReason.LENGTH, reason);
        }

        @Override
        public void done(Usage used) {
            usage.complete(used);
        }

        @Override
        public void failed(RuntimeException cause) {
            usage.completeExceptionally(cause);
        }
    }
}
