package dev.prompttuning.transformers.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files as the reference implementation lays them out: widest element type first, then by name. A file appears
 * under its name only when it is whole.
 */
public final class SafeTensorsWriter {
    private static final int CHUNK_ELEMENTS = 1 << 18;

    private final Dtype floats;

    private SafeTensorsWriter(Dtype floats) {
        this.floats = floats;
    }

    /** Writes every array in its own type. */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) throws IOException {
        write(file, tensors, metadata, Dtype.F32);
    }

    /**
     * Writes float32 arrays as {@code floats}, rounded to nearest even, and all others in their own type.
     *
     * @param floats F32, BF16 or F16
     * @throws IllegalArgumentException for an array of a type that cannot be written
     */
    public static void write(Path file, Map<String, NDArray> tensors, Map<String, String> metadata, Dtype floats)
            throws IOException {
        if (floats != Dtype.F32 && !floats.widened()) {
            throw new IllegalArgumentException("float32 arrays are written as F32, BF16 or F16, not as " + floats);
        }
        new SafeTensorsWriter(floats).replace(file.toAbsolutePath(), tensors, metadata);
    }

    private void replace(Path file, Map<String, NDArray> tensors, Map<String, String> metadata) throws IOException {
        Path unfinished = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".part");
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                writeTo(channel, tensors, metadata);
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void writeTo(FileChannel channel, Map<String, NDArray> tensors, Map<String, String> metadata)
            throws IOException {
        List<Map.Entry<String, NDArray>> sorted = tensors.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, NDArray>>comparingInt(
                                e -> -dtype(e.getValue()).ordinal())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        writeFully(channel, header(sorted, metadata));
        ByteBuffer chunk =
                ByteBuffer.allocateDirect(CHUNK_ELEMENTS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Map.Entry<String, NDArray> tensor : sorted) {
            writeArray(channel, tensor.getValue(), chunk);
        }
    }

    private ByteBuffer header(List<Map.Entry<String, NDArray>> sorted, Map<String, String> metadata)
            throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            root.putPOJO("__metadata__", metadata);
        }
        long offset = 0;
        for (Map.Entry<String, NDArray> tensor : sorted) {
            NDArray array = tensor.getValue();
            long end = offset + array.size() * dtype(array).bytes();
            ObjectNode entry = root.putObject(tensor.getKey());
            entry.put("dtype", dtype(array).name());
            Arrays.stream(array.getShape().getShape()).forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = json.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 7) / 8 * 8;
        byte[] padding = " ".repeat(padded - text.length).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text)
                .put(padding)
                .flip();
    }

    private void writeArray(FileChannel channel, NDArray array, ByteBuffer chunk) throws IOException {
        Dtype dtype = dtype(array);
        try (NDArray flat = array.reshape(array.size())) {
            for (long first = 0; first < array.size(); first += CHUNK_ELEMENTS) {
                long end = Math.min(first + CHUNK_ELEMENTS, array.size());
                try (NDArray part = flat.get(new NDIndex("{}:{}", first, end))) {
                    chunk.clear();
                    put(part, dtype, chunk);
                }
                writeFully(channel, chunk.flip());
            }
        }
    }

    private static void put(NDArray part, Dtype dtype, ByteBuffer target) {
        switch (dtype) {
            case F32 -> {
                for (float value : part.toFloatArray()) {
                    target.putFloat(value);
                }
            }
            case BF16 -> {
                for (float value : part.toFloatArray()) {
                    target.putShort(HalfPrecision.floatToBfloat16(value));
                }
            }
            case F16 -> {
                for (float value : part.toFloatArray()) {
                    target.putShort(HalfPrecision.floatToFloat16(value));
                }
            }
            default -> target.put(part.toByteBuffer());
        }
    }

    private Dtype dtype(NDArray array) {
        DataType type = array.getDataType();
        return switch (type) {
            case FLOAT32 -> floats;
            case FLOAT64 -> Dtype.F64;
            case INT64 -> Dtype.I64;
            case INT32 -> Dtype.I32;
            case INT8 -> Dtype.I8;
            case UINT8 -> Dtype.U8;
            case BOOLEAN -> Dtype.BOOL;
            default -> throw new IllegalArgumentException("an array of type " + type + " cannot be written");
        };
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
