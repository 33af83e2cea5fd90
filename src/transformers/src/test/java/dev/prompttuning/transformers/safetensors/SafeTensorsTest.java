package dev.prompttuning.transformers.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    Path folder;

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void readsWhatItsOwnHeaderSays() throws IOException {
        Path file = write(
                """
                {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
                "i":{"dtype":"I64","shape":[],"data_offsets":[16,24]},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[24,24]}}""",
                data(24).putFloat(1).putFloat(-2).putFloat(3.5f).putFloat(4).putLong(7));
        try (SafeTensors tensors = SafeTensors.open(file)) {
            assertEquals(Map.of("format", "pt"), tensors.metadata());
            assertEquals(List.of("w", "i", "e"), List.copyOf(tensors.names()));
            assertArrayEquals(new long[] {2, 2}, tensors.info("w").shape());
            assertEquals(Dtype.F32, tensors.info("w").dtype());
            assertArrayEquals(
                    new float[] {1, -2, 3.5f, 4}, tensors.load("w", manager).toFloatArray());
            NDArray scalar = tensors.load("i", manager);
            assertEquals(DataType.INT64, scalar.getDataType());
            assertEquals(7, scalar.getLong());
            assertEquals(new Shape(0, 3), tensors.load("e", manager).getShape());
            assertEquals(16, tensors.loadBytes("w", manager).size());
        }
    }

    @Test
    void arraysOutliveTheFileHandleAndTheirOwnViews() throws IOException {
        Path file = write(
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
                data(16).putFloat(1).putFloat(2).putFloat(3).putFloat(4));
        NDArray transposed;
        try (SafeTensors tensors = SafeTensors.open(file);
                NDArray array = tensors.load("w", manager)) {
            transposed = array.transpose();
        }
        System.gc();
        assertArrayEquals(new float[] {1, 3, 2, 4}, transposed.toFloatArray());
    }

    @Test
    void copiesMayBeWrittenToAndLeaveTheFileAsItIs() throws IOException {
        Path file = write(
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                data(8).putFloat(1).putFloat(2));
        try (SafeTensors tensors = SafeTensors.open(file)) {
            NDArray copy = tensors.load("w", manager, true);
            copy.addi(10);
            assertArrayEquals(new float[] {11, 12}, copy.toFloatArray());
            assertArrayEquals(new float[] {1, 2}, tensors.load("w", manager).toFloatArray());
        }
    }

    @Test
    void widensEveryHalfPrecisionPatternExactly() throws IOException {
        ByteBuffer all = data(1 << 18);
        for (int pass = 0; pass < 2; pass++) {
            for (int bits = 0; bits < 1 << 16; bits++) {
                all.putShort((short) bits);
            }
        }
        Path file = write(
                """
                {"h":{"dtype":"F16","shape":[256,256],"data_offsets":[0,131072]},
                "b":{"dtype":"BF16","shape":[65536],"data_offsets":[131072,262144]}}""",
                all);
        try (SafeTensors tensors = SafeTensors.open(file)) {
            NDArray half = tensors.load("h", manager);
            assertEquals(new Shape(256, 256), half.getShape());
            float[] halves = half.toFloatArray();
            float[] brains = tensors.load("b", manager).toFloatArray();
            for (int bits = 0; bits < 1 << 16; bits++) {
                assertEquals(float16(bits), halves[bits], "F16 bits " + bits);
                assertEquals(Float.intBitsToFloat(bits << 16), brains[bits], "BF16 bits " + bits);
            }
        }
    }

    /** The definition of IEEE binary16, in double arithmetic. */
    private static float float16(int bits) {
        int exponent = bits >> 10 & 31;
        int mantissa = bits & 1023;
        double sign = bits >> 15 == 0 ? 1 : -1;
        if (exponent == 31) {
            return mantissa == 0 ? (float) (sign / 0.0) : Float.NaN;
        }
        double magnitude =
                exponent == 0 ? mantissa * Math.pow(2, -24) : (1 + mantissa / 1024.0) * Math.pow(2, exponent - 15);
        return (float) (sign * magnitude);
    }

    @Test
    void convertsTensorsOfSeveralChunksOnSeveralThreads() throws Exception {
        int count = 3 * (1 << 20) + 17;
        ByteBuffer data = data(count * 2);
        for (int i = 0; i < count; i++) {
            data.putShort((short) (0x3f80 + i % 61));
        }
        Path file = write(
                "{\"w\":{\"dtype\":\"BF16\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(count, count * 2),
                data);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (SafeTensors tensors = SafeTensors.open(file)) {
            List<Future<float[]>> loaded = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                loaded.add(threads.submit(() -> {
                    try (NDManager own = NDManager.newBaseManager()) {
                        return tensors.load("w", own).toFloatArray();
                    }
                }));
            }
            for (Future<float[]> array : loaded) {
                float[] values = array.get();
                for (int i = 0; i < count; i++) {
                    assertEquals(Float.intBitsToFloat(0x3f80 + i % 61 << 16), values[i]);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void opensTheGoldenModelFolder() {
        try (SafeTensors tensors = SafeTensors.open(Path.of("src/test/resources/models/qwen2"))) {
            assertTrue(tensors.contains("model.embed_tokens.weight"));
            NDArray mapped = tensors.load("model.embed_tokens.weight", manager);
            NDArray copied = tensors.load("model.embed_tokens.weight", manager, true);
            assertArrayEquals(mapped.toFloatArray(), copied.toFloatArray());
            assertFalse(mapped.isNaN().any().getBoolean());
        }
    }

    @Test
    void readsShardsByTheirIndex() throws IOException {
        String header = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        Files.move(write(header.formatted("a"), data(4).putFloat(1)), folder.resolve("model-1.safetensors"));
        Files.move(write(header.formatted("b"), data(4).putFloat(2)), folder.resolve("model-2.safetensors"));
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}");
        try (SafeTensors tensors = SafeTensors.open(folder)) {
            assertEquals(2, tensors.load("b", manager).toFloatArray()[0]);
            assertEquals(2, tensors.files().size());
        }
        Files.writeString(index, "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-1.safetensors\"}}");
        assertRefused(folder, "Tensor \"b\" is missing in model-1.safetensors");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-3.safetensors\"}}");
        assertRefused(folder, "The shard model-3.safetensors named by");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../model-1.safetensors\"}}");
        assertRefused(folder, "names a shard outside its folder");
    }

    @Test
    void saysWhatIsWrongWithADamagedFile() throws IOException {
        assertRefused(folder, "There are no safetensors weights in");
        assertRefused(folder.resolve("absent"), "does not exist");
        assertRefused(Files.write(folder.resolve("short"), new byte[3]), "too short for a safetensors header");
        assertRefused(Files.write(folder.resolve("zero"), new byte[64]), "a header of 0 bytes");
        assertRefused(
                Files.write(folder.resolve("html"), "<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8)),
                "not a safetensors file");
        assertRefused(Files.write(folder.resolve("cut"), data(16).putLong(1000).array()), "ends within its header");
        assertRefused(write("{\"w\":", data(0)), "not valid JSON");
        assertRefused(write("[]", data(0)), "not a JSON object");
        assertRefused(tensor("F33", "[1]", "[0,4]", 4), "unknown dtype \"F33\"");
        assertRefused(tensor("F32", "[-1]", "[0,4]", 4), "no proper shape");
        assertRefused(tensor("F32", "[1]", "[0]", 4), "no proper shape");
        assertRefused(tensor("F32", "[1]", "[4,0]", 4), "impossible data_offsets");
        assertRefused(tensor("F32", "[2]", "[0,4]", 4), "its shape [2] of F32 needs 8");
        assertRefused(tensor("F32", "[4294967296,4294967296]", "[0,4]", 4), "impossible shape");
        assertRefused(tensor("F32", "[2]", "[0,8]", 4), "but the file has only");
        assertRefused(tensor("F32", "[1]", "[4,8]", 8), "starts 4 bytes after");
        assertRefused(tensor("F32", "[1]", "[0,4]", 8), "4 bytes after its last tensor");
        assertRefused(
                write(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                        data(8)),
                "Tensor \"b\"",
                "overlaps");
    }

    @Test
    void refusesToLoadWhatNoArrayCanHold() throws IOException {
        Path file = tensor("F8_E4M3", "[4]", "[0,4]", 4);
        try (SafeTensors tensors = SafeTensors.open(file)) {
            String message = assertThrows(InvalidModelException.class, () -> tensors.load("w", manager))
                    .getMessage();
            assertTrue(message.contains("F8_E4M3"), message);
            assertTrue(assertThrows(InvalidModelException.class, () -> tensors.load("absent", manager))
                    .getMessage()
                    .contains("no tensor \"absent\""));
        }
    }

    private static void assertRefused(Path file, String... parts) {
        String message = assertThrows(InvalidModelException.class, () -> SafeTensors.open(file))
                .getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(message.endsWith("."), message);
    }

    private Path tensor(String dtype, String shape, String offsets, int bytes) throws IOException {
        return write(
                "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets),
                data(bytes));
    }

    private static ByteBuffer data(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path write(String header, ByteBuffer data) throws IOException {
        byte[] json = (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = data(8 + json.length + data.capacity());
        file.putLong(json.length).put(json).put(data.array());
        return Files.write(Files.createTempFile(folder, "weights", ".safetensors"), file.array());
    }
}
