package dev.prompttuning.transformers.llama;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.Linear;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** Llama, Mistral, Qwen2 and Qwen3. */
public final class LlamaDecoder implements Decoder {

    private final LlamaConfig config;
    private final Embedding embeddings;
    private final List<Layer> layers;
    private final Norm norm;
    private final Linear head;

    public LlamaDecoder(ConfigReader json, Weights weights) {
        config = LlamaConfig.of(json);
        ModelConfig shape = config.shape();
        embeddings = weights.embedding("model.embed_tokens.weight", shape.vocabSize(), shape.hiddenSize());
        layers = IntStream.range(0, shape.numLayers())
                .<Layer>mapToObj(index -> new LlamaLayer(config, weights, index))
                .toList();
        norm = weights.rmsNorm("model.norm", shape.hiddenSize(), config.rmsNormEpsilon());
        head = config.tiedHead()
                ? embeddings.tiedHead()
                : weights.linear("lm_head", shape.hiddenSize(), shape.vocabSize(), false);
    }

    @Override
    public ModelConfig config() {
        return config.shape();
    }

    @Override
    public Positioning positioning() {
        return config.positioning();
    }

    @Override
    public NDArray embed(NDArray tokenIds) {
        return embeddings.apply(tokenIds);
    }

    @Override
    public NDArray enter(NDArray hidden, NDArray positions) {
        return hidden;
    }

    @Override
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public NDArray leave(NDArray hidden) {
        return norm.apply(hidden);
    }

    @Override
    public NDArray logits(NDArray hidden) {
        return head.apply(hidden);
    }
}
