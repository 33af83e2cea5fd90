package dev.prompttuning.transformers.bloom;

import dev.prompttuning.transformers.model.Alibi;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** BLOOM. Its positions have no table, so a sequence may be longer than those seen in training. */
public final class BloomDecoder {

    private static final int TRAINED_LENGTH = 2048;

    private BloomDecoder() {}

    public static Decoder of(ConfigReader config, Weights given) {
        ModelConfig shape = shape(config);
        int hidden = shape.hiddenSize();
        double epsilon = config.number("layer_norm_epsilon", 1e-5);
        boolean residualBehindNorm = config.flag("apply_residual_connection_post_layernorm", false);
        Weights weights = given.within("transformer.", "word_embeddings.weight");
        Embedding tokens = weights.embedding("transformer.word_embeddings.weight", shape.vocabSize(), hidden);
        Norm embeddingNorm = weights.layerNorm("transformer.word_embeddings_layernorm", hidden, epsilon);
        List<Decoder.Layer> layers = IntStream.range(0, shape.numLayers())
                .<Decoder.Layer>mapToObj(
                        i -> new BloomLayer(shape, residualBehindNorm, epsilon, weights, "transformer.h." + i))
                .toList();
        return new Decoder(
                shape,
                Positioning.biased(Alibi.ofHeads(shape.numHeads())),
                tokens,
                (embeddings, sight) -> embeddingNorm.apply(embeddings),
                layers,
                weights.layerNorm("transformer.ln_f", hidden, epsilon),
                config.flag("tie_word_embeddings", true)
                        ? tokens.tiedHead()
                        : weights.linear("lm_head", hidden, shape.vocabSize(), false));
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
}
