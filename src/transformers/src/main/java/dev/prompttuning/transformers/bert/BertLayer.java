package dev.prompttuning.transformers.bert;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ActivationFunction;
import dev.prompttuning.transformers.model.Attention;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.Weights;

/** {@code h = norm(h + attention(h)); h = norm(h + output(act(intermediate(h))))}. */
final class BertLayer implements Decoder.Layer {

    private final Attention attention;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear attended;
    private final Norm attentionNorm;
    private final Linear up;
    private final ActivationFunction activation;
    private final Linear down;
    private final Norm outputNorm;

    BertLayer(ModelConfig shape, ConfigReader config, Weights weights, String layer) {
        int hidden = shape.hiddenSize();
        int inner = config.integer("intermediate_size");
        double epsilon = BertEncoder.epsilon(config);
        attention = new Attention(shape.numHeads(), shape.numHeads(), shape.headDim());
        query = weights.linear(layer + ".attention.self.query", hidden, hidden, true);
        key = weights.linear(layer + ".attention.self.key", hidden, hidden, true);
        value = weights.linear(layer + ".attention.self.value", hidden, hidden, true);
        attended = weights.linear(layer + ".attention.output.dense", hidden, hidden, true);
        attentionNorm = weights.layerNorm(layer + ".attention.output.LayerNorm", hidden, epsilon);
        up = weights.linear(layer + ".intermediate.dense", hidden, inner, true);
        activation = ActivationFunction.of(config, "hidden_act", config.text("hidden_act", "gelu"));
        down = weights.linear(layer + ".output.dense", inner, hidden, true);
        outputNorm = weights.layerNorm(layer + ".output.LayerNorm", hidden, epsilon);
    }

    @Override
    public Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past) {
        int heads = attention.numHeads();
        KeyValue own = new KeyValue(
                attention.stacked(attention.heads(key.apply(hidden), heads)),
                attention.stacked(attention.heads(value.apply(hidden), heads)));
        KeyValue inSight = past == null ? own : past.followedBy(own);
        NDArray seen = attention.attend(attention.heads(query.apply(hidden), heads), inSight, sight.mask());
        NDArray between = attentionNorm.apply(hidden.add(attended.apply(seen)));
        NDArray fedForward = down.apply(activation.apply(up.apply(between)));
        return new Decoder.Output(outputNorm.apply(between.add(fedForward)), inSight);
    }
}
