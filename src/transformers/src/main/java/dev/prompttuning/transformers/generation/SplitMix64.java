package dev.prompttuning.transformers.generation;

/**
 * Steele, Lea and Flood's SplitMix64 (OOPSLA 2014), written out so that a seed means the same tokens on every Java
 * version.
 */
final class SplitMix64 {

    private static final double UNIT = 0x1.0p-53;

    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    private long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Uniform in [0, 1). */
    double nextDouble() {
        return (next() >>> 11) * UNIT;
    }
}
