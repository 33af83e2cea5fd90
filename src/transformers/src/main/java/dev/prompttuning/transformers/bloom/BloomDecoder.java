package dev.prompttuning.transformers.bloom;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.Alibi;
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

/** BLOOM. Its positions have no table, so a sequence may be longer than those seen in training. */
public final class BloomDecoder implements Decoder {

    private static final int TRAINED_LENGTH = 2048;

    private final ModelConfig shape;
    private final Embedding embeddings;
    private final Norm embeddingNorm;
    private final List<Layer> layers;
    private final Norm norm;
    private final Linear head;

    public BloomDecoder(ConfigReader config, Weights weights) {
        shape = shape(config);
        int hidden = shape.hiddenSize();
        double epsilon = config.number("layer_norm_epsilon", 1e-5);
        boolean residualBehindNorm = config.flag("apply_residual_connection_post_layernorm", false);
        // Files written by the bare model, without its head, lack the prefix.
        String prefix = weights.contains("transformer.word_embeddings.weight") ? "transformer." : "";
        embeddings = weights.embedding(prefix + "word_embeddings.weight", shape.vocabSize(), hidden);
        embeddingNorm = weights.layerNorm(prefix + "word_embeddings_layernorm", hidden, epsilon);
        layers = IntStream.range(0, shape.numLayers())
                .<Layer>mapToObj(i -> new BloomLayer(shape, residualBehindNorm, epsilon, weights, prefix + "h." + i))
                .toList();
        norm = weights.layerNorm(prefix + "ln_f", hidden, epsilon);
        head = config.flag("tie_word_embeddings", true)
                ? embeddings.tiedHead()
                : weights.linear("lm_head", hidden, shape.vocabSize(), false);
    }

    private static ModelConfig shape(ConfigReader config) {
        int hidden = config.has("hidden_size") ? config.integer("hidden_size") : config.integer("n_embed");
        int heads = config.has("n_head") ? config.integer("n_head") : config.integer("num_attention_heads");
        int layers = config.has("n_layer") ? config.integer("n_layer") : config.integer("num_hidden_layers");
        return new ModelConfig(
                "bloom",
                config.integer("vocab_size"),
                hidden,
                layers,
                heads,
                heads,
                hidden / heads,
                false,
                config.integer("seq_length", TRAINED_LENGTH));
    }

    @Override
    public ModelConfig config() {
        return shape;
    }

    @Override
    public Positioning positioning() {
        return Positioning.alibi(Alibi.ofHeads(shape.numHeads()));
    }

    @Override
    public NDArray embed(NDArray tokenIds) {
        return embeddings.apply(tokenIds);
    }

    @Override
    public NDArray enter(NDArray hidden, NDArray positions) {
        return embeddingNorm.apply(hidden);
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
