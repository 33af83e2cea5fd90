package dev.prompttuning.transformers.bloom;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.transformers.model.Attention;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Gelu;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.Weights;

/** Attention and feed-forward, each behind its norm; the residual is taken before or behind the norm. */
final class BloomLayer implements Decoder.Layer {

    private final Attention attention;
    private final boolean residualBehindNorm;
    private final Norm attentionNorm;
    private final Linear queryKeyValue;
    private final Linear output;
    private final Norm feedForwardNorm;
    private final Linear up;
    private final Linear down;

    BloomLayer(ModelConfig shape, boolean residualBehindNorm, double epsilon, Weights weights, String layer) {
        int hidden = shape.hiddenSize();
        this.residualBehindNorm = residualBehindNorm;
        attention = new Attention(shape.numHeads(), shape.numHeads(), shape.headDim());
        attentionNorm = weights.layerNorm(layer + ".input_layernorm", hidden, epsilon);
        queryKeyValue = weights.linear(layer + ".self_attention.query_key_value", hidden, 3 * hidden, true);
        output = weights.linear(layer + ".self_attention.dense", hidden, hidden, true);
        feedForwardNorm = weights.layerNorm(layer + ".post_attention_layernorm", hidden, epsilon);
        up = weights.linear(layer + ".mlp.dense_h_to_4h", hidden, 4 * hidden, true);
        down = weights.linear(layer + ".mlp.dense_4h_to_h", 4 * hidden, hidden, true);
    }

    @Override
    public Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past) {
        NDArray normed = attentionNorm.apply(hidden);
        Shape shape = hidden.getShape();
        int heads = attention.numHeads();
        NDList parts = queryKeyValue
                .apply(normed)
                .reshape(shape.get(0), shape.get(1), heads, 3, attention.headDim())
                .split(3, 3);
        KeyValue own = new KeyValue(
                attention.stacked(parts.get(1).squeeze(3)),
                attention.stacked(parts.get(2).squeeze(3)));
        KeyValue inSight = past == null ? own : past.followedBy(own);
        NDArray attended = attention.attend(parts.get(0).squeeze(3), inSight, sight.mask());
        NDArray between = (residualBehindNorm ? normed : hidden).add(output.apply(attended));
        NDArray normedBetween = feedForwardNorm.apply(between);
        NDArray fedForward = down.apply(Gelu.tanh(up.apply(normedBetween)));
        return new Decoder.Output((residualBehindNorm ? normedBetween : between).add(fedForward), inSight);
    }
}
