package dev.prompttuning.transformers.t5;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.Weights;

/** {@code h += attention(norm(h))}, then {@link T5FeedForward}. */
final class T5EncoderLayer implements Decoder.Layer {

    private final Norm norm;
    private final T5Attention attention;
    private final T5FeedForward feedForward;

    /** @param block such as {@code encoder.block.0} */
    T5EncoderLayer(ModelConfig shape, ConfigReader config, Weights weights, String block) {
        norm = T5.norm(config, weights, block + ".layer.0.layer_norm");
        attention = new T5Attention(shape, weights, block + ".layer.0.SelfAttention");
        feedForward = new T5FeedForward(config, weights, block + ".layer.1");
    }

    @Override
    public Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past) {
        NDArray normed = norm.apply(hidden);
        KeyValue own = attention.keyValue(normed);
        KeyValue inSight = past == null ? own : past.followedBy(own);
        NDArray between = hidden.add(attention.attend(normed, inSight, sight.mask()));
        return new Decoder.Output(feedForward.apply(between), inSight);
    }
}
