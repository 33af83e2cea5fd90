package dev.prompttuning.transformers.safetensors;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;

/** Element types of a safetensors file, by their names in the header; in the order the reference implementation sorts them. */
public enum Dtype {
    BOOL(1, DataType.BOOLEAN),
    U8(1, DataType.UINT8),
    I8(1, DataType.INT8),
    F8_E5M2(1, null),
    F8_E4M3(1, null),
    I16(2, null),
    U16(2, null),
    F16(2, DataType.FLOAT32),
    BF16(2, DataType.FLOAT32),
    I32(4, DataType.INT32),
    U32(4, null),
    F32(4, DataType.FLOAT32),
    F64(8, DataType.FLOAT64),
    I64(8, DataType.INT64),
    U64(8, null);

    private final int bytes;
    private final DataType loaded;

    Dtype(int bytes, DataType loaded) {
        this.bytes = bytes;
        this.loaded = loaded;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The type of an array loaded from such a tensor (half precision is widened to float32); empty where it cannot be loaded. */
    public Optional<DataType> loadedType() {
        return Optional.ofNullable(loaded);
    }

    /** Whether loading has to widen the elements, so that the file's bytes cannot be used as they are. */
    public boolean widened() {
        return this == F16 || this == BF16;
    }
}
