package dev.prompttuning.transformers.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.prompttuning.transformers.model.Attention;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Gelu;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.Weights;

/** {@code h += attention(ln_1(h)); h += c_proj(gelu(c_fc(ln_2(h))))}. */
final class Gpt2Layer implements Decoder.Layer {

    private final Attention attention;
    private final Norm attentionNorm;
    private final Linear queryKeyValue;
    private final Linear output;
    private final Norm feedForwardNorm;
    private final Linear up;
    private final Linear down;

    Gpt2Layer(ModelConfig shape, int inner, double epsilon, Weights weights, String layer) {
        int hidden = shape.hiddenSize();
        attention = new Attention(shape.numHeads(), shape.numHeads(), shape.headDim());
        attentionNorm = weights.layerNorm(layer + ".ln_1", hidden, epsilon);
        queryKeyValue = weights.conv1d(layer + ".attn.c_attn", hidden, 3 * hidden);
        output = weights.conv1d(layer + ".attn.c_proj", hidden, hidden);
        feedForwardNorm = weights.layerNorm(layer + ".ln_2", hidden, epsilon);
        up = weights.conv1d(layer + ".mlp.c_fc", hidden, inner);
        down = weights.conv1d(layer + ".mlp.c_proj", inner, hidden);
    }

    @Override
    public Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past) {
        int heads = attention.numHeads();
        NDList parts = queryKeyValue.apply(attentionNorm.apply(hidden)).split(3, 2);
        KeyValue own = new KeyValue(
                attention.stacked(attention.heads(parts.get(1), heads)),
                attention.stacked(attention.heads(parts.get(2), heads)));
        KeyValue inSight = past == null ? own : past.followedBy(own);
        NDArray attended = attention.attend(attention.heads(parts.get(0), heads), inSight, sight.mask());
        NDArray between = hidden.add(output.apply(attended));
        NDArray fedForward = down.apply(Gelu.tanh(up.apply(feedForwardNorm.apply(between))));
        return new Decoder.Output(between.add(fedForward), inSight);
    }
}
