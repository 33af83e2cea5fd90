package dev.prompttuning.transformers.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.engine.NativeArrays;

/**
 * Scaled dot product attention with grouped query heads.
 *
 * @param numHeads query heads
 * @param numKeyValueHeads key and value heads; each serves {@code numHeads / numKeyValueHeads} query heads in a row
 * @param headDim elements of one head
 * @param scale factor of the scores
 */
public record Attention(int numHeads, int numKeyValueHeads, int headDim, double scale) {

    /** With scores scaled by one over the square root of {@code headDim}. */
    public Attention(int numHeads, int numKeyValueHeads, int headDim) {
        this(numHeads, numKeyValueHeads, headDim, 1 / Math.sqrt(headDim));
    }

    /** {@code [batch, seq, heads * headDim] → [batch, seq, heads, headDim]}. */
    public NDArray heads(NDArray projected, int heads) {
        Shape shape = projected.getShape();
        return projected.reshape(shape.get(0), shape.get(1), heads, headDim);
    }

    /** {@code [batch, seq, kvHeads, headDim] → [batch, kvHeads, seq, headDim]}. */
    public NDArray stacked(NDArray keysOrValues) {
        return keysOrValues.transpose(0, 2, 1, 3);
    }

    /**
     * @param query {@code [batch, seq, heads, headDim]}
     * @param past keys and values of every token in sight, the queries' own included
     * @param mask what is added to the scores, {@code [batch or 1, heads or 1, seq, keys]}; null for none
     * @return {@code [batch, seq, heads * headDim]}
     */
    public NDArray attend(NDArray query, KeyValue past, NDArray mask) {
        long batch = query.getShape().get(0);
        long length = query.getShape().get(1);
        long keys = past.key().getShape().get(2);
        long groups = numHeads / numKeyValueHeads;
        NDArray grouped = (scale == 1 ? query : NativeArrays.scaled(query, scale))
                .transpose(0, 2, 1, 3)
                .reshape(batch, numKeyValueHeads, groups * length, headDim);
        NDArray scores = grouped.matMul(past.key().transpose(0, 1, 3, 2)).reshape(batch, numHeads, length, keys);
        if (mask != null) {
            scores = scores.add(mask);
        }
        NDArray probabilities = scores.softmax(-1).reshape(batch, numKeyValueHeads, groups * length, keys);
        return probabilities
                .matMul(past.value())
                .reshape(batch, numHeads, length, headDim)
                .transpose(0, 2, 1, 3)
                .reshape(batch, length, (long) numHeads * headDim);
    }
}
