package dev.prompttuning.transformers.safetensors;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where one tensor lies.
 *
 * @param name its name in the header
 * @param dtype its element type in the file
 * @param dimensions its shape; empty for a scalar
 * @param file the file that holds it
 * @param offset its first byte, from the start of the file
 * @param byteCount its length in bytes
 */
public record TensorInfo(String name, Dtype dtype, List<Long> dimensions, Path file, long offset, long byteCount)
        implements StoredTensor {
    public TensorInfo {
        dimensions = List.copyOf(dimensions);
    }

    @Override
    public boolean inPlace() {
        return dtype == Dtype.F32;
    }

    @Override
    public long size() {
        return byteCount / dtype.bytes();
    }

    /** The shape for people, such as {@code 32x64}. */
    public String shapeText() {
        return dimensions.isEmpty()
                ? "scalar"
                : dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
