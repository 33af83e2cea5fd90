package dev.prompttuning.transformers.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import dev.prompttuning.transformers.engine.ResidentMemory;
import dev.prompttuning.transformers.kernel.Precision;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What half precision saves, by the process's resident memory. */
@EnabledOnOs(OS.LINUX)
class HalfPrecisionMemoryTest {
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

    /** Four matrices of 64 MiB in half precision, each of which takes 128 MiB more for as long as it is converted. */
    @Test
    void holdsTwoBytesAnElementAndOneWideMatrixWhileLoading(@TempDir Path folder) throws IOException {
        long halfBytes = 2L * ROWS * COLUMNS;
        try (SafeTensors tensors = SafeTensors.open(zeros(folder.resolve("model.safetensors")))) {
            Weights weights = new Weights(tensors, "zeros", manager, false, Precision.BFLOAT16);
            // The first one loads the kernels and makes the reader's buffers.
            weights.linear("0", COLUMNS, ROWS, false);
            long before = ResidentMemory.anonymous();
            ResidentMemory.forgetPeak();
            for (int i = 1; i <= MATRICES; i++) {
                weights.linear(Integer.toString(i), COLUMNS, ROWS, false);
            }
            assertEquals(MATRICES * halfBytes, ResidentMemory.anonymous() - before, 0.15 * MATRICES * halfBytes);
            long transientBytes = ResidentMemory.peak() - ResidentMemory.now();
            assertTrue(transientBytes < 1.5 * 2 * halfBytes, "bytes held only while loading: " + transientBytes);
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
