package dev.prompttuning.transformers.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.Autograd;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.engine.ResidentMemory;
import dev.prompttuning.transformers.engine.Scope;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What half precision and int8 save, by the process's resident memory. */
@EnabledOnOs(OS.LINUX)
class SmallWeightsMemoryTest {
    private static final int MATRICES = 4;
    private static final int ROWS = 4096;
    private static final int COLUMNS = 8192;

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

    /** Four matrices of 128 MiB in single precision, each of which takes so much only for as long as it is converted. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    void holdsSmallWeightsAndOneWideMatrixWhileLoading(Precision precision, @TempDir Path folder) throws IOException {
        long wideBytes = 4L * ROWS * COLUMNS;
        long smallBytes = (long) precision.bytes() * ROWS * COLUMNS;
        try (SafeTensors tensors = SafeTensors.open(zeros(folder.resolve("model.safetensors")))) {
            Weights weights = new Weights(tensors, "zeros", manager, false, precision);
            // The first one loads the kernels and makes the reader's buffers.
            weights.linear("0", COLUMNS, ROWS, false);
            long before = ResidentMemory.anonymous();
            ResidentMemory.forgetPeak();
            for (int i = 1; i <= MATRICES; i++) {
                weights.linear(Integer.toString(i), COLUMNS, ROWS, false);
            }
            assertEquals(MATRICES * smallBytes, ResidentMemory.anonymous() - before, 0.15 * MATRICES * smallBytes);
            long transientBytes = ResidentMemory.peak() - ResidentMemory.now();
            assertTrue(transientBytes < 1.5 * wideBytes, "bytes held only while loading: " + transientBytes);
        }
    }

    /** Eight layers of 16 MiB each in single precision; a backward pass through them needs those of one. */
    @Test
    void aRecordingKeepsOneLayersMatrices() {
        int size = 2048;
        LayerWorkspace workspace = new LayerWorkspace(manager);
        List<Linear> layers = IntStream.range(0, 8)
                .<Linear>mapToObj(i -> new Linear.Packed(
                        PackedMatrix.of(manager.ones(new Shape(size, size)), Precision.INT8, workspace), null))
                .toList();
        NDArray input = manager.ones(new Shape(1, size));
        System.gc();
        long before = ResidentMemory.anonymous();
        try (Autograd recording = Autograd.recording();
                Scope scope = Scope.open()) {
            List<NDArray> recorded = new ArrayList<>();
            for (Linear layer : layers) {
                try (LayerWorkspace.Layer fill = workspace.fill()) {
                    recorded.add(layer.apply(Autograd.leaf(input)));
                }
            }
            long grown = ResidentMemory.anonymous() - before;
            assertTrue(grown < 2L * 4 * size * size, "bytes of " + recorded.size() + " recordings: " + grown);
        }
    }

    /** A file of bfloat16 zeros, which takes no room on a disk. */
    private static Path zeros(Path file) throws IOException {
        long bytes = 2L * ROWS * COLUMNS;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= MATRICES; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"%d.weight\":{\"dtype\":\"BF16\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
                            .formatted(i, ROWS, COLUMNS, i * bytes, (i + 1) * bytes));
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            out.write(json);
            out.setLength(Long.BYTES + json.length + (MATRICES + 1) * bytes);
        }
        return file;
    }
}
