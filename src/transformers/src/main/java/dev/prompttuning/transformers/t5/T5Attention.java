package dev.prompttuning.transformers.t5;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.Attention;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Weights;

/** Attention whose scores are not scaled: T5 starts from weights that are small enough. */
final class T5Attention {

    private final Attention attention;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;

    /** @param name of its weights, such as {@code encoder.block.0.layer.0.SelfAttention} */
    T5Attention(ModelConfig shape, Weights weights, String name) {
        int hidden = shape.hiddenSize();
        int inner = shape.keyValueSize();
        attention = new Attention(shape.numHeads(), shape.numHeads(), shape.headDim(), 1);
        query = weights.linear(name + ".q", hidden, inner, false);
        key = weights.linear(name + ".k", hidden, inner, false);
        value = weights.linear(name + ".v", hidden, inner, false);
        output = weights.linear(name + ".o", inner, hidden, false);
    }

    /** Keys and values of {@code [batch, seq, hidden]}. */
    KeyValue keyValue(NDArray seen) {
        return new KeyValue(heads(key.apply(seen)), heads(value.apply(seen)));
    }

    private NDArray heads(NDArray projected) {
        return attention.stacked(attention.heads(projected, attention.numHeads()));
    }

    /** {@code [batch, seq, hidden] → [batch, seq, hidden]}. */
    NDArray attend(NDArray asking, KeyValue inSight, NDArray mask) {
        NDArray queries = attention.heads(query.apply(asking), attention.numHeads());
        return output.apply(attention.attend(queries, inSight, mask));
    }
}
