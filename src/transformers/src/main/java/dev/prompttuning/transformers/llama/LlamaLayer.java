package dev.prompttuning.transformers.llama;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.kernel.Kernels;
import dev.prompttuning.transformers.model.Attention;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.KeyValue;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Sight;
import dev.prompttuning.transformers.model.Weights;
import java.util.Optional;

/** {@code h += attention(norm(h)); h += down(silu(gate(norm(h))) * up(norm(h)))}. */
final class LlamaLayer implements Decoder.Layer {

    private final Attention attention;
    private final boolean windowed;
    private final Norm inputNorm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Optional<Norm> queryNorm;
    private final Optional<Norm> keyNorm;
    private final Norm feedForwardNorm;
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    LlamaLayer(LlamaConfig config, Weights weights, int index) {
        var shape = config.shape();
        int hidden = shape.hiddenSize();
        int queries = shape.numHeads() * shape.headDim();
        int keys = shape.keyValueSize();
        int inner = config.intermediateSize();
        String layer = "model.layers." + index;
        attention = new Attention(shape.numHeads(), shape.numKeyValueHeads(), shape.headDim());
        windowed = config.hasWindow().test(index);
        inputNorm = weights.rmsNorm(layer + ".input_layernorm", hidden, config.rmsNormEpsilon());
        query = weights.linear(layer + ".self_attn.q_proj", hidden, queries, config.queryKeyValueBias());
        key = weights.linear(layer + ".self_attn.k_proj", hidden, keys, config.queryKeyValueBias());
        value = weights.linear(layer + ".self_attn.v_proj", hidden, keys, config.queryKeyValueBias());
        output = weights.linear(layer + ".self_attn.o_proj", queries, hidden, config.outputBias());
        queryNorm = headNorm(config, weights, layer + ".self_attn.q_norm");
        keyNorm = headNorm(config, weights, layer + ".self_attn.k_norm");
        feedForwardNorm = weights.rmsNorm(layer + ".post_attention_layernorm", hidden, config.rmsNormEpsilon());
        gate = weights.linear(layer + ".mlp.gate_proj", hidden, inner, config.feedForwardBias());
        up = weights.linear(layer + ".mlp.up_proj", hidden, inner, config.feedForwardBias());
        down = weights.linear(layer + ".mlp.down_proj", inner, hidden, config.feedForwardBias());
    }

    private static Optional<Norm> headNorm(LlamaConfig config, Weights weights, String name) {
        return config.queryKeyNorm()
                ? Optional.of(weights.rmsNorm(name, config.shape().headDim(), config.rmsNormEpsilon()))
                : Optional.empty();
    }

    @Override
    public Decoder.Output apply(NDArray hidden, Sight sight, KeyValue past) {
        NDArray normed = inputNorm.apply(hidden);
        NDArray queries = heads(query.apply(normed), attention.numHeads(), queryNorm);
        NDArray keys = heads(key.apply(normed), attention.numKeyValueHeads(), keyNorm);
        NDArray values = attention.heads(value.apply(normed), attention.numKeyValueHeads());
        KeyValue own = new KeyValue(attention.stacked(sight.angles().rotate(keys)), attention.stacked(values));
        KeyValue inSight = past == null ? own : past.followedBy(own);
        NDArray attended =
                attention.attend(sight.angles().rotate(queries), inSight, windowed ? sight.windowMask() : sight.mask());
        NDArray between = hidden.add(output.apply(attended));
        return new Decoder.Output(between.add(feedForward(feedForwardNorm.apply(between))), inSight);
    }

    private NDArray heads(NDArray projected, int count, Optional<Norm> norm) {
        NDArray heads = attention.heads(projected, count);
        return norm.map(n -> n.apply(heads)).orElse(heads);
    }

    private NDArray feedForward(NDArray input) {
        return down.apply(Kernels.get().swiGlu(gate.apply(input), up.apply(input)));
    }
}
