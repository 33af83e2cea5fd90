package dev.prompttuning.transformers.safetensors;

/** Conversions between float32 and the two 16-bit floats: exact when widening, to nearest even when narrowing. */
public final class HalfPrecision {
    private HalfPrecision() {}

    static void bfloat16ToFloatBits(short[] source, int[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = source[i] << 16;
        }
    }

    static void float16ToFloatBits(short[] source, int[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = float16ToFloatBits(source[i]);
        }
    }

    /** The bits of the float32 equal to a float16. */
    public static int float16ToFloatBits(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0x1f) {
            return sign | 0x7f800000 | mantissa << 13;
        }
        if (exponent != 0) {
            return sign | (exponent + 112) << 23 | mantissa << 13;
        }
        // Subnormal: mantissa * 2^-24, which float32 holds exactly.
        return sign | Float.floatToRawIntBits(mantissa * 0x1p-24f);
    }

    static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }

    static short floatToFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00 | magnitude >>> 13 & 0x1ff);
        }
        if (magnitude >= 0x477ff000) {
            // 65520 and above round to infinity.
            return (short) (sign | 0x7c00);
        }
        if (magnitude >= 0x38800000) {
            int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
            return (short) (sign | (rounded >>> 13) - (112 << 10));
        }
        // Subnormal: the nearest multiple of 2^-24; rint rounds ties to even and scaling by a power of two is exact.
        return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
}
