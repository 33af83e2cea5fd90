package dev.prompttuning.transformers.gguf;

import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of one file, checked: each tensor is of a type that can be read and lies within the file.
 *
 * @param tensors by their names in the file
 */
record GgufHeader(Metadata metadata, Map<String, GgufTensor> tensors) {
    /** The file's first bytes. */
    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;

    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_DIMENSIONS = 4;
    /** Arrays of arrays may be written, but mean nothing to any model; a deep nest of them must not end the process. */
    private static final int MAX_NESTING = 2;

    /** @throws InvalidModelException when the file is damaged or holds a tensor that cannot be read */
    static GgufHeader read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            HeaderBytes bytes = new HeaderBytes(file, channel);
            if (channel.size() < Integer.BYTES || bytes.int32() != MAGIC) {
                throw bytes.invalid("does not start with GGUF's mark; it is damaged or of another format");
            }
            int version = bytes.int32();
            if (version != 2 && version != 3) {
                throw bytes.invalid("is of version " + version + ", but 2 and 3 can be read; convert the model anew");
            }
            int tensorCount = bytes.count(1);
            int valueCount = bytes.count(1);
            Metadata metadata = new Metadata(file, values(bytes, valueCount));
            return new GgufHeader(metadata, tensors(bytes, tensorCount, metadata));
        } catch (IOException e) {
            throw new InvalidModelException("The GGUF file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Map<String, Object> values(HeaderBytes bytes, int count) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = bytes.text();
            values.put(key, value(bytes, key, bytes.int32(), 0));
        }
        return Collections.unmodifiableMap(values);
    }

    private static Object value(HeaderBytes bytes, String key, int type, int nesting) throws IOException {
        return switch (type) {
            case 0 -> (long) (bytes.int8() & 0xff);
            case 1 -> (long) bytes.int8();
            case 2 -> (long) (bytes.int16() & 0xffff);
            case 3 -> (long) bytes.int16();
            case 4 -> Integer.toUnsignedLong(bytes.int32());
            case 5 -> (long) bytes.int32();
            // The shortest text of a single precision number, such as 1e-5, is what it was before it was stored.
            case 6 -> Double.parseDouble(Float.toString(bytes.float32()));
            case 7 -> bytes.int8() != 0;
            case 8 -> bytes.text();
            case 9 -> array(bytes, key, nesting + 1);
            case 10, 11 -> bytes.int64();
            case 12 -> bytes.float64();
            default -> throw bytes.invalid("has a " + key + " of the unknown type " + type + "; it is damaged");
        };
    }

    private static List<Object> array(HeaderBytes bytes, String key, int nesting) throws IOException {
        if (nesting > MAX_NESTING) {
            throw bytes.invalid("has a " + key + " of arrays within arrays; it is damaged");
        }
        int type = bytes.int32();
        int count = bytes.count(1);
        List<Object> values = new ArrayList<>(Math.min(count, 1 << 16));
        for (int i = 0; i < count; i++) {
            values.add(value(bytes, key, type, nesting));
        }
        return Collections.unmodifiableList(values);
    }

    private static Map<String, GgufTensor> tensors(HeaderBytes bytes, int count, Metadata metadata) throws IOException {
        List<GgufTensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(tensor(bytes));
        }
        long alignment = metadata.integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
        if (alignment < 1 || alignment > 1 << 20) {
            throw metadata.unsupported("general.alignment", alignment, "1 to 1048576");
        }
        long data = (bytes.position() + alignment - 1) / alignment * alignment;
        Map<String, GgufTensor> checked = new LinkedHashMap<>();
        for (GgufTensor tensor : tensors) {
            checked.put(tensor.nameInFile(), placed(tensor, data, bytes));
        }
        return Collections.unmodifiableMap(checked);
    }

    /** A tensor with its offset still from the start of the data. */
    private static GgufTensor tensor(HeaderBytes bytes) throws IOException {
        String name = bytes.text();
        int dimensions = bytes.int32();
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            throw invalid(bytes, name, "has " + Integer.toUnsignedString(dimensions) + " dimensions; it is damaged");
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            // Written with the fastest dimension first, the other way round than everywhere else.
            shape.add(0, bytes.int64());
        }
        int id = bytes.int32();
        BlockType type = BlockType.of(id)
                .orElseThrow(() -> invalid(
                        bytes,
                        name,
                        "is quantised by type " + id + " of ggml, which cannot be read; use a file whose tensors are "
                                + BlockType.names()));
        return new GgufTensor(name, name, type, shape, bytes.int64(), 0);
    }

    private static GgufTensor placed(GgufTensor tensor, long data, HeaderBytes bytes) {
        List<Long> shape = tensor.dimensions();
        long bytesLeft = bytes.fileSize() - data - tensor.offset();
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 1 || dimension > Long.MAX_VALUE / 8 / elements) {
                throw invalid(bytes, tensor.name(), "has the impossible shape " + shape);
            }
            elements *= dimension;
        }
        int block = tensor.type().elements();
        if (elements % block != 0 || shape.isEmpty() || shape.get(shape.size() - 1) % block != 0) {
            throw invalid(
                    bytes, tensor.name(), "has rows that are not whole blocks of " + tensor.type() + ": " + shape);
        }
        if (tensor.offset() < 0 || bytesLeft < 0 || tensor.byteCount() > bytesLeft) {
            throw invalid(
                    bytes,
                    tensor.name(),
                    "needs " + tensor.byteCount() + " bytes, but the file has only " + Math.max(0, bytesLeft)
                            + " from where it starts; download it again");
        }
        return new GgufTensor(tensor.name(), tensor.name(), tensor.type(), shape, data + tensor.offset(), 0);
    }

    private static InvalidModelException invalid(HeaderBytes bytes, String tensor, String problem) {
        return new InvalidModelException(
                "Tensor \"" + tensor + "\" in the GGUF file " + bytes.file() + " " + problem + ".");
    }
}
