package dev.prompttuning.transformers.t5;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.Weights;
import dev.prompttuning.transformers.seq2seq.CrossDecoder;

/** {@code h += attention(norm(h)); h += crossAttention(norm(h), source)}, then {@link T5FeedForward}. */
final class T5DecoderLayer implements CrossDecoder.Layer {

    private final Norm norm;
    private final T5Attention attention;
    private final Norm crossNorm;
    private final T5Attention crossAttention;
    private final T5FeedForward feedForward;

    /** @param block such as {@code decoder.block.0} */
    T5DecoderLayer(ModelConfig shape, ConfigReader config, Weights weights, String block) {
        norm = T5.norm(config, weights, block + ".layer.0.layer_norm");
        attention = new T5Attention(shape, weights, block + ".layer.0.SelfAttention");
        crossNorm = T5.norm(config, weights, block + ".layer.1.layer_norm");
        crossAttention = new T5Attention(shape, weights, block + ".layer.1.EncDecAttention");
        feedForward = new T5FeedForward(config, weights, block + ".layer.2");
    }

    @Override
    public KeyValue keyValue(NDArray encoded) {
        return crossAttention.keyValue(encoded);
    }

    @Override
    public Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past, KeyValue source, NDArray sourceMask) {
        NDArray normed = norm.apply(hidden);
        KeyValue own = attention.keyValue(normed);
        KeyValue inSight = past == null ? own : past.followedBy(own);
        NDArray attended = hidden.add(attention.attend(normed, inSight, sight.mask()));
        NDArray between = attended.add(crossAttention.attend(crossNorm.apply(attended), source, sourceMask));
        return new Decoder.Output(feedForward.apply(between), inSight);
    }
}
