package dev.prompttuning.transformers.memory;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.Dtype;
import dev.prompttuning.transformers.safetensors.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelMemoryTest {
    private static final long MIB = 1 << 20;

    @Test
    void aTokenizerTakesManyTimesItsFile() {
        assertEquals((208 << 20) + 20 * 1000, model(Dtype.F32).program());
    }

    @Test
    void mappedWeightsCostNothing() {
        assertEquals(0, model(Dtype.F32).frozen(Precision.FLOAT32));
    }

    @Test
    void weightsInHalfPrecisionAreWidened() {
        assertEquals(4 * ELEMENTS, model(Dtype.BF16).frozen(Precision.FLOAT32));
        assertEquals(2 * (ELEMENTS - NORM) + 4 * NORM, model(Dtype.BF16).frozen(Precision.BFLOAT16));
    }

    @Test
    void singlePrecisionIsNarrowedInMemoryOfItsOwn() {
        assertEquals(2 * (ELEMENTS - NORM), model(Dtype.F32).frozen(Precision.FLOAT16));
    }

    @Test
    void eightBitsTakeAByteAndAScaleARow() {
        long rows = 100 + 2 * (24 + 32);
        assertEquals(ELEMENTS - NORM + 4 * rows, model(Dtype.F32).frozen(Precision.INT8));
        assertEquals(ELEMENTS - NORM + 4 * rows + 4 * NORM, model(Dtype.F16).frozen(Precision.INT8));
        assertEquals(4 * (24 + 32) * 8, model(Dtype.F16).decodedLayer());
    }

    @Test
    void trainedWeightsAreSinglePrecision() {
        assertEquals(4 * ELEMENTS, model(Dtype.F32).copied());
        assertEquals(4 * ELEMENTS, model(Dtype.F16).copied());
        assertEquals(4 * 100 * 8, model(Dtype.F16).largestTensor());
    }

    @Test
    void activationsAreWhatLinearMapsTakeAndGive() {
        assertEquals(4 * 2 * (8 + 24 + 8 + 32) * 5 / 6, model(Dtype.F32).activationsPerToken(false));
        assertEquals(4 * ((8 + 24 + 8 + 32) * 5 / 6 + 2 * 8), model(Dtype.F32).activationsPerToken(true));
    }

    @Test
    void saysHowMuchThereIsAndHowMuchIsNeeded() {
        MemoryNeed need = new MemoryNeed(200 * MIB, 1000 * MIB, 40 * MIB);
        MemoryBudget enough = new MemoryBudget(need.total());
        assertDoesNotThrow(() -> enough.require(need, "this training", "do more"));
        MemoryBudget small = new MemoryBudget(512 * MIB);
        String said = assertThrows(
                        TooLittleMemoryException.class, () -> small.require(need, "this training", "do more"))
                .getMessage();
        assertEquals(
                "There are 512 MiB of memory, but this training needs about 1,240 MiB"
                        + " (weights 1,000 MiB, activations 40 MiB, the program itself 200 MiB); do more.",
                said);
    }

    @Test
    void theBudgetOfThisProcessIsKnown() {
        long bytes = MemoryBudget.ofProcess().bytes();
        assertTrue(bytes > Runtime.getRuntime().totalMemory() && bytes < Long.MAX_VALUE, "bytes: " + bytes);
    }

    private static final long NORM = 8;
    private static final long ELEMENTS = 100 * 8 + NORM + 2 * (24 * 8 + 32 * 8);

    /** Two layers of hidden size 8 with a vocabulary of 100. */
    private static ModelMemory model(Dtype dtype) {
        return new ModelMemory(
                List.of(
                        tensor("embed.weight", dtype, 100, 8),
                        tensor("layers.0.qkv.weight", dtype, 24, 8),
                        tensor("layers.0.mlp.weight", dtype, 32, 8),
                        tensor("layers.1.qkv.weight", dtype, 24, 8),
                        tensor("layers.1.mlp.weight", dtype, 32, 8),
                        tensor("norm.weight", dtype, 8)),
                100,
                1000);
    }

    private static TensorInfo tensor(String name, Dtype dtype, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new TensorInfo(
                name,
                dtype,
                Arrays.stream(shape).boxed().toList(),
                Path.of("model.safetensors"),
                0,
                elements * dtype.bytes());
    }
}
