package dev.prompttuning.transformers.gguf;

import dev.prompttuning.transformers.safetensors.HalfPrecision;

/**
 * Values of the blocks that tensors are stored in. A block of 32 has one scale; a block of 256 has one for its smaller blocks'
 * scales.
 */
final class Blocks {

    private Blocks() {}

    /** Turns blocks that lie behind each other into numbers. */
    @FunctionalInterface
    interface Reader {

        /**
         * @param from first byte of a block
         * @param to where the block's first value goes
         */
        void read(byte[] source, int from, float[] target, int to);
    }

    static void float32(byte[] source, int from, float[] target, int to) {
        target[to] = Float.intBitsToFloat(word(source, from));
    }

    static void float16(byte[] source, int from, float[] target, int to) {
        target[to] = half(source, from);
    }

    static void bfloat16(byte[] source, int from, float[] target, int to) {
        target[to] = Float.intBitsToFloat(unsigned(source, from) << 16 | unsigned(source, from + 1) << 24);
    }

    /** Scale, 32 signed bytes. */
    static void q8(byte[] source, int from, float[] target, int to) {
        float scale = half(source, from);
        for (int i = 0; i < 32; i++) {
            target[to + i] = scale * source[from + 2 + i];
        }
    }

    /** Scale, 32 four-bit numbers less 8: the first half in the low bits. */
    static void q4(byte[] source, int from, float[] target, int to) {
        float scale = half(source, from);
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(source, from + 2 + i);
            target[to + i] = scale * ((pair & 15) - 8);
            target[to + 16 + i] = scale * ((pair >> 4) - 8);
        }
    }

    /** Scale, minimum, 32 four-bit numbers. */
    static void q4WithMinimum(byte[] source, int from, float[] target, int to) {
        float scale = half(source, from);
        float minimum = half(source, from + 2);
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(source, from + 4 + i);
            target[to + i] = scale * (pair & 15) + minimum;
            target[to + 16 + i] = scale * (pair >> 4) + minimum;
        }
    }

    /** Scale, 32 fifth bits, 32 four-bit numbers; together less 16. */
    static void q5(byte[] source, int from, float[] target, int to) {
        float scale = half(source, from);
        int fifths = word(source, from + 2);
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(source, from + 6 + i);
            target[to + i] = scale * ((pair & 15 | (fifths >>> i & 1) << 4) - 16);
            target[to + 16 + i] = scale * ((pair >> 4 | (fifths >>> 16 + i & 1) << 4) - 16);
        }
    }

    /** Scale, minimum, 32 fifth bits, 32 four-bit numbers. */
    static void q5WithMinimum(byte[] source, int from, float[] target, int to) {
        float scale = half(source, from);
        float minimum = half(source, from + 2);
        int fifths = word(source, from + 4);
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(source, from + 8 + i);
            target[to + i] = scale * (pair & 15 | (fifths >>> i & 1) << 4) + minimum;
            target[to + 16 + i] = scale * (pair >> 4 | (fifths >>> 16 + i & 1) << 4) + minimum;
        }
    }

    /** Scales of scales and of minima, 8 six-bit scales and minima, 256 four-bit numbers in pairs of 32. */
    static void q4OfMany(byte[] source, int from, float[] target, int to) {
        for (int block = 0; block < 8; block++) {
            float scale = half(source, from) * scale(source, from + 4, block);
            float minimum = half(source, from + 2) * minimum(source, from + 4, block);
            int numbers = from + 16 + block / 2 * 32;
            for (int i = 0; i < 32; i++) {
                int number = unsigned(source, numbers + i) >> block % 2 * 4 & 15;
                target[to + block * 32 + i] = scale * number - minimum;
            }
        }
    }

    /** As {@link #q4OfMany}, with a fifth bit of each number in front of the others. */
    static void q5OfMany(byte[] source, int from, float[] target, int to) {
        for (int block = 0; block < 8; block++) {
            float scale = half(source, from) * scale(source, from + 4, block);
            float minimum = half(source, from + 2) * minimum(source, from + 4, block);
            int fifths = from + 16;
            int numbers = from + 48 + block / 2 * 32;
            for (int i = 0; i < 32; i++) {
                int low = unsigned(source, numbers + i) >> block % 2 * 4 & 15;
                int number = low | (unsigned(source, fifths + i) >> block & 1) << 4;
                target[to + block * 32 + i] = scale * number - minimum;
            }
        }
    }

    /** 256 low four bits, 256 high two bits, 16 signed scales, their scale; numbers less 32. */
    static void q6OfMany(byte[] source, int from, float[] target, int to) {
        float scale = half(source, from + 208);
        for (int i = 0; i < 256; i++) {
            int part = i / 128;
            int quarter = i % 128 / 32;
            int low = unsigned(source, from + part * 64 + quarter % 2 * 32 + i % 32) >> quarter / 2 * 4 & 15;
            int high = unsigned(source, from + 128 + part * 32 + i % 32) >> quarter * 2 & 3;
            target[to + i] = scale * source[from + 192 + i / 16] * ((low | high << 4) - 32);
        }
    }

    /** One of 8 six-bit scales in 12 bytes: of the last four, the upper two bits stand above the first four. */
    private static int scale(byte[] source, int packed, int block) {
        return block < 4
                ? unsigned(source, packed + block) & 63
                : unsigned(source, packed + block + 4) & 15 | unsigned(source, packed + block - 4) >> 6 << 4;
    }

    private static int minimum(byte[] source, int packed, int block) {
        return block < 4
                ? unsigned(source, packed + block + 4) & 63
                : unsigned(source, packed + block + 4) >> 4 | unsigned(source, packed + block) >> 6 << 4;
    }

    private static int unsigned(byte[] source, int at) {
        return source[at] & 0xff;
    }

    private static int word(byte[] source, int at) {
        return unsigned(source, at)
                | unsigned(source, at + 1) << 8
                | unsigned(source, at + 2) << 16
                | unsigned(source, at + 3) << 24;
    }

    private static float half(byte[] source, int at) {
        short bits = (short) (unsigned(source, at) | unsigned(source, at + 1) << 8);
        return Float.intBitsToFloat(HalfPrecision.float16ToFloatBits(bits));
    }
}
