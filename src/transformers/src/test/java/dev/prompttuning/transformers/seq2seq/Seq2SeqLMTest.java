package dev.prompttuning.transformers.seq2seq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.generation.Beams;
import dev.prompttuning.transformers.generation.GenerationSettings;
import dev.prompttuning.transformers.generation.Generator;
import dev.prompttuning.transformers.generation.Penalties;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.model.KeyValues;
import dev.prompttuning.transformers.model.TokenLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two kinds of T5 beside the one of the golden cases, each with fewer decoder than encoder layers and heads that are not a share of the
 * hidden size: {@code plain} with ReLU and a tied, scaled head, {@code own-head} gated and with a head of its own. {@code expected.json}
 * is what transformers 5.23 computes with them.
 */
class Seq2SeqLMTest {

    private static final Path MODELS = Path.of("src/test/resources/t5");
    private static final int NEW_TOKENS = 12;

    @TempDir
    Path changed;

    private record Opened(NDManager manager, ModelFolder folder, Seq2SeqLM model, JsonNode expected)
            implements AutoCloseable {

        static Opened of(String name, Precision precision) {
            Path path = MODELS.resolve(name);
            NDManager manager = NDManager.newBaseManager("PyTorch");
            ModelFolder folder = ModelFolder.open(path);
            Seq2SeqLM model = Seq2SeqModels.load(folder, manager, false, precision);
            return new Opened(manager, folder, model, json(path.resolve("expected.json")));
        }

        long[] row(String name, int row) {
            return longs(expected.get(name).get(row));
        }

        @Override
        public void close() {
            model.close();
            folder.close();
            manager.close();
        }
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        IntStream.range(0, floats.length)
                .forEach(i -> floats[i] = (float) array.get(i).asDouble());
        return floats;
    }

    /** Scores behind the last token of both rows, which run as one padded batch. */
    private static float[][] lastScores(Opened opened) {
        long[][] sources = padded(opened.row("source", 0), opened.row("source", 1));
        long[][] fed = padded(opened.row("fed", 0), opened.row("fed", 1));
        int[] lengths = {opened.row("source", 0).length, opened.row("source", 1).length};
        Seq2SeqLM model = opened.model();
        try (Autograd off = Autograd.off();
                Scope scope = Scope.open()) {
            Sources places = new Sources(lengths, sources[0].length);
            NDArray read = model.encoder().forward(model.embed(sources), places.layout(), KeyValues.NONE);
            NDArray written = model.decoder(new Encoded.States(read, places.mask(model.manager())))
                    .forward(model.embed(fed), TokenLayout.causal(2, 0, fed[0].length), KeyValues.NONE);
            NDArray scores = model.logits(written);
            return new float[][] {
                scores.get(0).get(opened.row("fed", 0).length - 1).toFloatArray(),
                scores.get(1).get(opened.row("fed", 1).length - 1).toFloatArray()
            };
        }
    }

    private static long[][] padded(long[] first, long[] second) {
        return new long[][] {first, Arrays.copyOf(second, first.length)};
    }

    @ParameterizedTest
    @CsvSource({
        "plain,FLOAT32,1e-4",
        "own-head,FLOAT32,1e-4",
        "plain,BFLOAT16,0.1",
        "own-head,BFLOAT16,0.6",
        "plain,INT8,0.2",
        "own-head,INT8,0.6"
    })
    void aBatchHasTheScoresOfTransformers(String name, Precision precision, float tolerance) {
        try (Opened opened = Opened.of(name, precision)) {
            float[][] scores = lastScores(opened);
            assertArrayEquals(floats(opened.expected().get("last_logits").get(0)), scores[0], tolerance);
            assertArrayEquals(floats(opened.expected().get("last_logits").get(1)), scores[1], tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "own-head"})
    void tokenByTokenTheScoresAreTheSame(String name) {
        try (Opened opened = Opened.of(name, Precision.FLOAT32);
                Seq2SeqSession session =
                        new Seq2SeqSession(opened.model(), opened.row("source", 1), Seq2SeqPrompt.NONE)) {
            float[][] last = null;
            for (long token : opened.row("fed", 1)) {
                last = session.feed(new long[][] {{token}});
            }
            assertArrayEquals(floats(opened.expected().get("last_logits").get(1)), last[0], 1e-4f);
            assertEquals(opened.row("fed", 1).length, session.length());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain,greedy", "own-head,greedy",
        "plain,beams", "own-head,beams",
        "plain,repetition_penalty_1.6", "own-head,repetition_penalty_1.6"
    })
    void generatesWhatTransformersGenerates(String name, String how) {
        GenerationSettings greedy = GenerationSettings.greedy(NEW_TOKENS, 1);
        GenerationSettings settings =
                switch (how) {
                    case "beams" -> greedy.withBeams(Beams.of(3));
                    case "greedy" -> greedy;
                    default -> greedy.withPenalties(Penalties.repetition(1.6));
                };
        try (Opened opened = Opened.of(name, Precision.FLOAT32);
                Seq2SeqSession session =
                        new Seq2SeqSession(opened.model(), opened.row("source", 0), Seq2SeqPrompt.NONE)) {
            long[] expected = longs(opened.expected().get(how));
            assertArrayEquals(
                    Arrays.copyOfRange(expected, 1, expected.length),
                    Generator.generate(session, session.opening(), settings).tokens());
        }
    }

    @Test
    void whatCannotBeLoadedIsSaid() throws IOException {
        assertRefused(
                IllegalArgumentException.class,
                "choose BFLOAT16 or FLOAT32",
                MODELS.resolve("plain"),
                Precision.FLOAT16);
        copy("plain", "\"d_ff\": 24", "\"d_ff\": 25");
        assertRefused(
                InvalidModelException.class, "DenseReluDense.wi.weight has shape (24, 16)", changed, Precision.FLOAT32);
        copy("plain", "\"relu\"", "\"gated-gelu\"");
        assertRefused(InvalidModelException.class, "DenseReluDense.wi_0.weight is missing", changed, Precision.FLOAT32);
        copy("plain", "\"relu\"", "\"softplus\"");
        assertRefused(InvalidModelException.class, "feed_forward_proj is \"softplus\"", changed, Precision.FLOAT32);
        copy("plain", "\"t5\"", "\"bart\"");
        assertRefused(InvalidModelException.class, "supported: t5, mt5", changed, Precision.FLOAT32);
    }

    private void copy(String name, String field, String other) throws IOException {
        String config = Files.readString(MODELS.resolve(name).resolve("config.json"));
        assertTrue(config.contains(field), config);
        Files.writeString(changed.resolve("config.json"), config.replace(field, other));
        if (!Files.exists(changed.resolve("model.safetensors"))) {
            Files.copy(MODELS.resolve(name).resolve("model.safetensors"), changed.resolve("model.safetensors"));
        }
    }

    private static <T extends RuntimeException> void assertRefused(
            Class<T> kind, String sentence, Path path, Precision precision) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ModelFolder folder = ModelFolder.open(path)) {
            String message = assertThrows(kind, () -> Seq2SeqModels.load(folder, manager, false, precision))
                    .getMessage();
            assertTrue(message.contains(sentence), message);
        }
    }
}
