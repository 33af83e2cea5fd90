package dev.prompttuning.transformers.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.kernel.Processor;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models with weights in half precision or int8 against the same models in single precision. */
class SmallWeightsTest {
    private static final List<String> FAMILIES = List.of("llama", "mistral", "qwen2", "qwen3", "gpt2", "bloom");
    private static final Processor ABLE = new Processor(Set.of("avx512_bf16", "avx512_fp16"));
    private static final Processor PLAIN = new Processor(Set.of());
    private static final long[][] TOKENS = {{5, 17, 200, 31, 44, 9}, {401, 3, 3, 77, 250, 12}};
    private static final TokenLayout LAYOUT = TokenLayout.causal(2, 0, 6);

    private NDManager manager;

    @BeforeEach
    void start() {
        PyTorch.start(1, DeviceChoice.CPU);
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    static Stream<Arguments> formats() {
        return FAMILIES.stream()
                .flatMap(family -> Stream.of(
                        Arguments.of(family, Precision.BFLOAT16, ABLE),
                        Arguments.of(family, Precision.FLOAT16, ABLE),
                        Arguments.of(family, Precision.BFLOAT16, PLAIN),
                        Arguments.of(family, Precision.FLOAT16, PLAIN),
                        Arguments.of(family, Precision.INT8, PLAIN)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void scoresAndGradientsStayClose(String family, Precision precision, Processor processor) {
        double tolerance =
                switch (precision) {
                    case FLOAT16 -> 2e-3;
                    case BFLOAT16 -> 2e-2;
                    default -> 5e-2;
                };
        try (CausalLM full = load(family, Precision.FLOAT32, processor);
                CausalLM small = load(family, precision, processor)) {
            assertEquals(processor == PLAIN, small.workspace().isPresent());
            Outcome expected = Outcome.of(full);
            Outcome actual = Outcome.of(small);
            assertClose(expected.logits, actual.logits, tolerance);
            assertClose(expected.gradient, actual.gradient, tolerance);
        }
    }

    private CausalLM load(String family, Precision precision, Processor processor) {
        try (ModelFolder folder = ModelFolder.open(Path.of("src/test/resources/models", family))) {
            return CausalModels.load(folder, manager, false, precision, processor);
        }
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance) {
        double distance = distance(expected, actual);
        assertTrue(distance < tolerance, "too far: " + distance);
        assertTrue(distance > 0, "nothing was rounded");
    }

    /** The length of the difference relative to that of {@code expected}. */
    private static double distance(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / length);
    }

    private record Outcome(float[] logits, float[] gradient) {
        static Outcome of(CausalLM model) {
            try (Autograd recording = Autograd.recording();
                    Scope scope = Scope.open()) {
                NDArray embeddings = Autograd.leaf(model.embed(TOKENS));
                NDArray logits = model.logits(model.forward(embeddings, LAYOUT, KeyValues.NONE));
                assertEquals(DataType.FLOAT32, logits.getDataType());
                Autograd.backward(logits.logSoftmax(-1).get(":, :, 7").mean());
                return new Outcome(
                        logits.toFloatArray(), embeddings.getGradient().toFloatArray());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    void decodesTokenByTokenAsAllAtOnce(Precision precision) {
        try (CausalLM model = load("qwen3", precision, ABLE);
                CausalSession atOnce = new CausalSession(model, KeyValues.NONE);
                CausalSession oneByOne = new CausalSession(model, KeyValues.NONE)) {
            float[][] expected = atOnce.feed(TOKENS);
            float[][] actual = null;
            for (int column = 0; column < TOKENS[0].length; column++) {
                actual = oneByOne.feed(new long[][] {{TOKENS[0][column]}, {TOKENS[1][column]}});
            }
            assertTrue(distance(expected[0], actual[0]) < 2e-2);
            assertTrue(distance(expected[1], actual[1]) < 2e-2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    void forwardsLeaveNothingBehind(Precision precision) {
        try (CausalLM model = load("llama", precision, ABLE)) {
            Outcome.of(model);
            int before = model.manager().getManagedArrays().size();
            for (int i = 0; i < 300; i++) {
                try (Autograd off = Autograd.off();
                        Scope scope = Scope.open()) {
                    model.logits(model.forward(model.embed(TOKENS), LAYOUT, KeyValues.NONE));
                }
            }
            assertEquals(before, model.manager().getManagedArrays().size());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16", "INT8"})
    void refusesToTrainSmallWeights(Precision precision) {
        try (ModelFolder folder = ModelFolder.open(Path.of("src/test/resources/models/llama"))) {
            Exception refusal = assertThrows(
                    IllegalArgumentException.class, () -> CausalModels.load(folder, manager, true, precision));
            assertTrue(refusal.getMessage().contains(precision.name()), refusal.getMessage());
        }
    }
}
