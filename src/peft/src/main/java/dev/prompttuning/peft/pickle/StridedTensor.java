package dev.prompttuning.peft.pickle;

import java.nio.ByteBuffer;

/**
 * A view of a storage: the element at {@code index} lies at {@code offset + sum(index[d] * strides[d])}.
 *
 * @param count number of elements
 */
record StridedTensor(Storage storage, long offset, long[] shape, long[] strides, int count) {

    static final int MAX_DIMENSIONS = 16;
    // What a direct buffer of float32 can hold.
    private static final long MAX_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

    /**
     * Checks that every element lies in the storage.
     *
     * @throws RefusedPickleException when one does not
     */
    static StridedTensor of(Storage storage, long offset, long[] shape, long[] strides) {
        if (shape.length != strides.length) {
            throw RefusedPickleException.malformed("a tensor's shape and strides differ in length");
        }
        try {
            long count = 1;
            long last = offset;
            for (int d = 0; d < shape.length; d++) {
                if (shape[d] < 0 || strides[d] < 0) {
                    throw RefusedPickleException.malformed("a tensor has a negative size or stride");
                }
                count = Math.multiplyExact(count, shape[d]);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[d] - 1), strides[d]));
            }
            if (offset < 0 || count > 0 && last >= storage.size()) {
                throw RefusedPickleException.malformed("a tensor reaches beyond its data");
            }
            if (count > MAX_ELEMENTS) {
                throw tooLarge();
            }
            return new StridedTensor(storage, offset, shape, strides, (int) count);
        } catch (ArithmeticException e) {
            throw tooLarge();
        }
    }

    private static RefusedPickleException tooLarge() {
        return new RefusedPickleException("holds a tensor of more than " + MAX_ELEMENTS + " elements");
    }

    /** The elements in row-major order. */
    float[] elements(ByteBuffer data) {
        float[] elements = new float[count];
        long[] index = new long[shape.length];
        long at = offset;
        for (int i = 0; i < count; i++) {
            elements[i] = storage.type().element(data, at);
            at = next(index, at);
        }
        return elements;
    }

    private long next(long[] index, long position) {
        long at = position;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d]++;
            at += strides[d];
            if (index[d] < shape[d]) {
                return at;
            }
            at -= shape[d] * strides[d];
            index[d] = 0;
        }
        return at;
    }
}
