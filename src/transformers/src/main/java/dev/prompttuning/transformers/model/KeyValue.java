package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;

/**
 * Keys and values of one layer.
 *
 * @param key {@code [batch, kvHeads, length, headDim]}, rotated where the family rotates
 * @param value the same shape
 */
public record KeyValue(NDArray key, NDArray value) {

    /** These tokens followed by {@code next}; one lane is repeated for every lane of {@code next}. */
    public KeyValue followedBy(KeyValue next) {
        long lanes = next.key.getShape().get(0);
        return new KeyValue(
                repeated(key, lanes).concat(next.key, 2), repeated(value, lanes).concat(next.value, 2));
    }

    private static NDArray repeated(NDArray array, long lanes) {
        if (array.getShape().get(0) == lanes) {
            return array;
        }
        return array.broadcast(
                lanes,
                array.getShape().get(1),
                array.getShape().get(2),
                array.getShape().get(3));
    }
}
