package dev.prompttuning.transformers.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsWriterTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void laysOutAFileAsTheReferenceDoes() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("z", manager.create(new float[] {1, 2}, new Shape(1, 2)));
        tensors.put("flag", manager.create(new boolean[] {true, false, true}));
        tensors.put("a", manager.create(3f));
        tensors.put("ids", manager.create(new long[] {5, -6}));
        SafeTensorsWriter.write(file, tensors, Map.of("format", "pt"));

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        assertEquals(0, header.length % 8);
        assertEquals(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"ids\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[16,20]},"
                        + "\"z\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[20,28]},"
                        + "\"flag\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[28,31]}}",
                new String(header, StandardCharsets.UTF_8).stripTrailing());
        assertEquals(5, bytes.getLong());
        assertEquals(-6, bytes.getLong());
        assertEquals(3, bytes.getFloat());
        assertEquals(31, Files.size(file) - 8 - header.length);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void writesGoldenWeightsBackByteForByte() throws IOException {
        Path golden = Path.of("src/test/resources/models/gpt2/model.safetensors");
        Path written = folder.resolve("model.safetensors");
        try (SafeTensors tensors = SafeTensors.open(golden)) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            tensors.names().forEach(name -> arrays.put(name, tensors.load(name, manager)));
            SafeTensorsWriter.write(written, arrays, tensors.metadata());
        }
        assertEquals(-1, Files.mismatch(golden, written));
    }

    @Test
    void writesLargeAndTransposedArrays() throws IOException {
        Path file = folder.resolve("a.safetensors");
        NDArray large = manager.arange(0, 600_000, 1, DataType.FLOAT32).reshape(600, 1000);
        NDArray turned = large.transpose();
        SafeTensorsWriter.write(file, Map.of("large", large, "turned", turned), Map.of());
        try (SafeTensors tensors = SafeTensors.open(file)) {
            assertArrayEquals(
                    large.toFloatArray(), tensors.load("large", manager).toFloatArray());
            assertArrayEquals(
                    turned.toFloatArray(), tensors.load("turned", manager).toFloatArray());
        }
    }

    @Test
    void roundsToNearestEven() {
        assertEquals((short) 0x3f80, HalfPrecision.floatToBfloat16(1));
        assertEquals((short) 0x3f80, HalfPrecision.floatToBfloat16(1 + 0x1p-8f));
        assertEquals((short) 0x3f82, HalfPrecision.floatToBfloat16(1 + 3 * 0x1p-8f));
        assertEquals((short) 0x3f81, HalfPrecision.floatToBfloat16(1 + 0x1.02p-8f));
        assertEquals((short) 0x7f80, HalfPrecision.floatToBfloat16(Float.MAX_VALUE));
        assertEquals((short) 0x3c00, HalfPrecision.floatToFloat16(1));
        assertEquals((short) 0x3c00, HalfPrecision.floatToFloat16(1 + 0x1p-11f));
        assertEquals((short) 0x3c02, HalfPrecision.floatToFloat16(1 + 3 * 0x1p-11f));
        assertEquals((short) 0x7bff, HalfPrecision.floatToFloat16(65519.996f));
        assertEquals((short) 0x7c00, HalfPrecision.floatToFloat16(65520));
        assertEquals((short) 0xfc00, HalfPrecision.floatToFloat16(Float.NEGATIVE_INFINITY));
        assertEquals((short) 0x0001, HalfPrecision.floatToFloat16(0x1p-24f));
        assertEquals((short) 0x0000, HalfPrecision.floatToFloat16(0x1p-25f));
        assertEquals((short) 0x0002, HalfPrecision.floatToFloat16(3 * 0x1p-25f));
        assertEquals((short) 0x0400, HalfPrecision.floatToFloat16(0x1.ffep-15f + 0x1p-26f));
        assertEquals((short) 0x8000, HalfPrecision.floatToFloat16(-0f));
    }

    @Test
    void narrowingUndoesWidening() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            short half = (short) bits;
            float widened = Float.intBitsToFloat(HalfPrecision.float16ToFloatBits(half));
            float brain = Float.intBitsToFloat(bits << 16);
            if (Float.isNaN(widened)) {
                assertTrue((HalfPrecision.floatToFloat16(widened) & 0x7fff) > 0x7c00);
            } else {
                assertEquals(half, HalfPrecision.floatToFloat16(widened));
            }
            if (Float.isNaN(brain)) {
                assertTrue((HalfPrecision.floatToBfloat16(brain) & 0x7fff) > 0x7f80);
            } else {
                assertEquals(half, HalfPrecision.floatToBfloat16(brain));
            }
        }
    }

    @Test
    void writesHalfPrecisionAndLeavesIntegersAlone() throws IOException {
        for (Dtype floats : List.of(Dtype.BF16, Dtype.F16)) {
            Path file = folder.resolve(floats + ".safetensors");
            Map<String, NDArray> arrays =
                    Map.of("w", manager.create(new float[] {0.5f, -1.25f}), "i", manager.create(new int[] {3}));
            SafeTensorsWriter.write(file, arrays, Map.of(), floats);
            try (SafeTensors tensors = SafeTensors.open(file)) {
                assertEquals(floats, tensors.info("w").dtype());
                assertEquals(Dtype.I32, tensors.info("i").dtype());
                assertArrayEquals(
                        new float[] {0.5f, -1.25f}, tensors.load("w", manager).toFloatArray());
                assertArrayEquals(new int[] {3}, tensors.load("i", manager).toIntArray());
            }
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> SafeTensorsWriter.write(folder.resolve("x"), Map.of(), Map.of(), Dtype.I8));
    }
}
