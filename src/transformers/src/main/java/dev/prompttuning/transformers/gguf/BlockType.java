package dev.prompttuning.transformers.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the elements of a tensor are stored, of the types that can be read. */
enum BlockType {
    F32(0, 1, 4, Blocks::float32),
    F16(1, 1, 2, Blocks::float16),
    BF16(30, 1, 2, Blocks::bfloat16),
    Q8_0(8, 32, 34, Blocks::q8),
    Q4_0(2, 32, 18, Blocks::q4),
    Q4_1(3, 32, 20, Blocks::q4WithMinimum),
    Q5_0(6, 32, 22, Blocks::q5),
    Q5_1(7, 32, 24, Blocks::q5WithMinimum),
    Q4_K(12, 256, 144, Blocks::q4OfMany),
    Q5_K(13, 256, 176, Blocks::q5OfMany),
    Q6_K(14, 256, 210, Blocks::q6OfMany);

    private final int id;
    private final int elements;
    private final int bytes;
    private final Blocks.Reader reader;

    BlockType(int id, int elements, int bytes, Blocks.Reader reader) {
        this.id = id;
        this.elements = elements;
        this.bytes = bytes;
        this.reader = reader;
    }

    /** The type of a number in a file. */
    static Optional<BlockType> of(int id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    /** The names of all types, for messages. */
    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }

    /** Elements of a block. */
    int elements() {
        return elements;
    }

    /** Bytes of a block. */
    int bytes() {
        return bytes;
    }

    /** Reads {@code count} elements, a multiple of {@link #elements()}. */
    void read(byte[] source, float[] target, int count) {
        for (int block = 0; block < count / elements; block++) {
            reader.read(source, block * bytes, target, block * elements);
        }
    }
}
