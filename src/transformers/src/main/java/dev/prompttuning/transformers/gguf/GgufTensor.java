package dev.prompttuning.transformers.gguf;

import dev.prompttuning.transformers.safetensors.Dtype;
import dev.prompttuning.transformers.safetensors.StoredTensor;
import java.util.List;

/**
 * Where one tensor lies.
 *
 * @param name in Hugging Face's model class
 * @param nameInFile for messages
 * @param offset its first byte, from the start of the file
 * @param interleavedHeads heads whose rows stand in pairs for rotation, which llama.cpp does to Llama's queries and keys; else 0
 */
record GgufTensor(
        String name, String nameInFile, BlockType type, List<Long> dimensions, long offset, int interleavedHeads)
        implements StoredTensor {

    GgufTensor {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public Dtype dtype() {
        return switch (type) {
            case F16 -> Dtype.F16;
            case BF16 -> Dtype.BF16;
            default -> Dtype.F32;
        };
    }

    @Override
    public long size() {
        return dimensions.stream().reduce(1L, (a, b) -> a * b);
    }

    @Override
    public boolean inPlace() {
        return type == BlockType.F32 && interleavedHeads == 0;
    }

    long byteCount() {
        return size() / type.elements() * type.bytes();
    }

    GgufTensor called(String other, int heads) {
        return new GgufTensor(other, nameInFile, type, dimensions, offset, heads);
    }
}
