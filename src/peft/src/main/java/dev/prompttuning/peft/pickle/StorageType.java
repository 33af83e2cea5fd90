package dev.prompttuning.peft.pickle;

import dev.prompttuning.transformers.safetensors.HalfPrecision;
import java.nio.ByteBuffer;

/** Element types of a tensor's data, by the names of PyTorch's storage classes. */
enum StorageType implements Global {
    FLOAT("FloatStorage", 4),
    DOUBLE("DoubleStorage", 8),
    HALF("HalfStorage", 2),
    BFLOAT16("BFloat16Storage", 2),
    LONG("LongStorage", 8),
    INT("IntStorage", 4),
    SHORT("ShortStorage", 2),
    CHAR("CharStorage", 1),
    BYTE("ByteStorage", 1),
    BOOL("BoolStorage", 1);

    private final String className;
    private final int bytes;

    StorageType(String className, int bytes) {
        this.className = className;
        this.bytes = bytes;
    }

    @Override
    public String pythonName() {
        return "torch." + className;
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }

    /** An element as float32: exact for the 16-bit floats, rounded for doubles and large integers. */
    float element(ByteBuffer data, long index) {
        int at = Math.toIntExact(index * bytes);
        return switch (this) {
            case FLOAT -> data.getFloat(at);
            case DOUBLE -> (float) data.getDouble(at);
            case HALF -> Float.intBitsToFloat(HalfPrecision.float16ToFloatBits(data.getShort(at)));
            case BFLOAT16 -> Float.intBitsToFloat(data.getShort(at) << 16);
            case LONG -> data.getLong(at);
            case INT -> data.getInt(at);
            case SHORT -> data.getShort(at);
            case CHAR -> data.get(at);
            case BYTE -> data.get(at) & 0xff;
            case BOOL -> data.get(at) == 0 ? 0 : 1;
        };
    }
}
