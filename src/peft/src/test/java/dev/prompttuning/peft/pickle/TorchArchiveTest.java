package dev.prompttuning.peft.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads files that PyTorch itself wrote: {@code src/test/resources/torch/make_fixtures.py}, run once with torch 2.15.0 in the
 * folder it lies in, made every {@code .bin} beside it.
 */
class TorchArchiveTest {

    private static final Path FIXTURES = Path.of("src/test/resources/torch");
    private static final float[] VALUES = {
        -0.5f, -0.375f, -0.25f, -0.125f, 0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f
    };

    @TempDir
    private Path folder;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float16", "bfloat16", "ordered_dict", "parameter", "protocol4"})
    void readsFloatsOfAllWidths(String name) {
        NDArray prompt = read(name).get("prompt_embeddings");

        assertEquals(DataType.FLOAT32, prompt.getDataType());
        assertEquals(new Shape(3, 4), prompt.getShape());
        assertArrayEquals(VALUES, prompt.toFloatArray());
    }

    @Test
    void widensEdgesOfHalfPrecision() {
        assertArrayEquals(
                new float[] {0x1p-24f, 0x1p-14f, 65504, Float.POSITIVE_INFINITY, -0.0f},
                read("float16").get("edges").toFloatArray());
        assertArrayEquals(new float[] {0x1p100f}, read("bfloat16").get("large").toFloatArray());
    }

    @Test
    void followsStridesAndOffsets() {
        Map<String, NDArray> views = read("views");

        assertEquals(new Shape(4, 3), views.get("transposed").getShape());
        assertArrayEquals(
                new float[] {-0.5f, 0, 0.5f, -0.375f, 0.125f, 0.625f, -0.25f, 0.25f, 0.75f, -0.125f, 0.375f, 0.875f},
                views.get("transposed").toFloatArray());
        assertArrayEquals(
                new float[] {0.125f, 0.25f, 0.625f, 0.75f}, views.get("offset").toFloatArray());
        assertEquals(new Shape(4, 2, 3), views.get("permuted").getShape());
        assertArrayEquals(
                new float[] {0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23},
                views.get("permuted").toFloatArray());
        assertArrayEquals(
                new float[] {12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                views.get("shared").toFloatArray());
        assertArrayEquals(new float[] {2, 2, 2, 2, 2, 2}, views.get("repeated").toFloatArray());
        assertEquals(new Shape(), views.get("scalar").getShape());
        assertEquals(7, views.get("scalar").getFloat());
        assertEquals(new Shape(0, 4), views.get("none").getShape());
    }

    @Test
    void turnsEveryNumberIntoFloat32() {
        Map<String, NDArray> numbers = read("numbers");

        for (String type : List.of("double", "long", "int", "short", "char")) {
            assertEquals(DataType.FLOAT32, numbers.get(type).getDataType(), type);
            assertArrayEquals(new float[] {-3, 0, 100}, numbers.get(type).toFloatArray(), type);
        }
        assertArrayEquals(new float[] {3, 0, 253}, numbers.get("byte").toFloatArray());
        assertArrayEquals(new float[] {1, 0, 1}, numbers.get("bool").toFloatArray());
    }

    @Test
    void leavesOutWhatIsNoTensor() {
        assertEquals(Set.of("prompt_embeddings"), read("ordered_dict").keySet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            runs_a_command   | asks for posix.system, which no tensor file needs; it was not loaded
            builds_an_object | asks for __main__.BuildsAnObject, which no tensor file needs; it was not loaded
            legacy           | was written in the format of PyTorch before 1.6, which is not read: convert it to safetensors
            bare_tensor      | holds no dictionary of tensors; it was not loaded
            """)
    void refusesInOneSentence(String name, String sentence) {
        Path file = FIXTURES.resolve(name + ".bin");

        String message = refusal(file);

        assertTrue(message.startsWith(file + " " + sentence), message);
        assertFalse(Files.exists(Path.of("pickle-was-run")));
    }

    @Test
    void refusesFilesCutAnywhere() throws IOException {
        byte[] whole = Files.readAllBytes(FIXTURES.resolve("float32.bin"));

        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("adapter_model.bin"), Arrays.copyOf(whole, length));
            assertTrue(refusal(file).startsWith(file + " is "), "cut to " + length + " bytes");
        }
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertTrue(refusal(folder.resolve("missing.bin")).contains("missing.bin cannot be read"));
    }

    @Test
    void refusesCompressedEntries() throws IOException {
        Path file = fixture().writeCompressed(folder.resolve("adapter_model.bin"));

        assertTrue(refusal(file).contains("is compressed"));
    }

    @Test
    void readsArchivesWithoutByteOrderAndOfBigEndianMachines() throws IOException {
        Path file = folder.resolve("adapter_model.bin");
        fixture().without("byteorder").write(file);
        assertArrayEquals(
                VALUES,
                TorchArchive.read(file, manager).get("prompt_embeddings").toFloatArray());

        TestArchive reversed = fixture().with("byteorder", "big".getBytes(StandardCharsets.UTF_8));
        byte[] data = reversed.entry("data/0");
        for (int i = 0; i < data.length; i += 4) {
            byte[] element = Arrays.copyOfRange(data, i, i + 4);
            for (int b = 0; b < 4; b++) {
                data[i + b] = element[3 - b];
            }
        }
        reversed.with("data/0", data).write(file);
        assertArrayEquals(
                VALUES,
                TorchArchive.read(file, manager).get("prompt_embeddings").toFloatArray());
    }

    @Test
    void refusesDataThatIsMissingOrOfAnotherSize() throws IOException {
        Path file = folder.resolve("adapter_model.bin");

        fixture().without("data/0").write(file);
        assertTrue(refusal(file).contains("a part that it refers to is missing"));

        fixture().with("data/0", new byte[44]).write(file);
        assertTrue(refusal(file).contains("describes 12 elements of torch.FloatStorage, but stores 44 bytes"));
    }

    @Test
    void refusesTensorsThatReachBeyondTheirData() throws IOException {
        Path file = folder.resolve("adapter_model.bin");
        byte[] pickle = fixture().entry("data.pkl");
        // BININT1 0 (the offset), BININT1 3, BININT1 4, TUPLE2 (the shape)
        int offset = indexOf(pickle, "K\0K\3K\4".getBytes(StandardCharsets.UTF_8));

        for (int argument : new int[] {offset + 1, offset + 3, offset + 5}) {
            byte[] changed = pickle.clone();
            changed[argument]++;
            fixture().with("data.pkl", changed).write(file);
            assertTrue(refusal(file).contains("a tensor reaches beyond its data"));
        }
    }

    @Test
    void refusesTensorsLargerThanTheirFile() throws IOException {
        Path file = folder.resolve("adapter_model.bin");
        byte[] pickle = TestArchive.of(FIXTURES.resolve("views.bin")).entry("data.pkl");
        // The repeated tensor: offset 0, shape (3, 2), strides (0, 0).
        int shape = indexOf(pickle, "K\3K\2".getBytes(StandardCharsets.UTF_8));
        pickle[shape + 1] = (byte) 255;
        pickle[shape + 3] = (byte) 255;

        TestArchive.of(FIXTURES.resolve("views.bin")).with("data.pkl", pickle).write(file);

        assertTrue(refusal(file).contains("more elements than the file has bytes"));
    }

    private Map<String, NDArray> read(String name) {
        return TorchArchive.read(FIXTURES.resolve(name + ".bin"), manager);
    }

    private String refusal(Path file) {
        return assertThrows(InvalidAdapterException.class, () -> TorchArchive.read(file, manager))
                .getMessage();
    }

    private static TestArchive fixture() throws IOException {
        return TestArchive.of(FIXTURES.resolve("float32.bin"));
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not found");
    }
}
