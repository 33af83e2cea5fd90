package dev.prompttuning.transformers.bert;

import ai.djl.ndarray.NDArray;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Norm;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * BERT, and, with another number of the first position, RoBERTa. As in PEFT, virtual tokens get positions and the token type 0
 * like any token, and a prefix shifts the tokens behind it by its length; so both count against the model's positions.
 */
public final class BertEncoder {

    private BertEncoder() {}

    public static Decoder of(ConfigReader config, Weights given) {
        return of(config, given.within("bert.", "embeddings.word_embeddings.weight"), "bert.", 0);
    }

    /**
     * @param prefix of the names of all weights
     * @param firstPosition row of the position table that is the first token's
     */
    public static Decoder of(ConfigReader config, Weights weights, String prefix, int firstPosition) {
        String kind = config.text("position_embedding_type", "absolute");
        if (!kind.equals("absolute")) {
            throw config.unsupported("position_embedding_type", kind, "absolute");
        }
        ModelConfig shape = shape(config, firstPosition);
        Embedding tokens = weights.embedding(
                        prefix + "embeddings.word_embeddings.weight", shape.vocabSize(), shape.hiddenSize())
                .withUntrainedRow(config.integer("pad_token_id", 0));
        List<Decoder.Layer> layers = IntStream.range(0, shape.numLayers())
                .<Decoder.Layer>mapToObj(i -> new BertLayer(shape, config, weights, prefix + "encoder.layer." + i))
                .toList();
        return new Decoder(
                shape,
                Positioning.encoder(firstPosition == 0),
                tokens,
                entry(config, shape, weights, prefix, firstPosition),
                layers,
                new Norm.None(),
                null);
    }

    private static Decoder.Entry entry(
            ConfigReader config, ModelConfig shape, Weights weights, String prefix, int firstPosition) {
        int hidden = shape.hiddenSize();
        Embedding table = weights.embedding(
                prefix + "embeddings.position_embeddings.weight", config.integer("max_position_embeddings"), hidden);
        Embedding places = firstPosition == 0 ? table : table.withUntrainedRow(firstPosition - 1);
        Embedding types = weights.embedding(
                prefix + "embeddings.token_type_embeddings.weight", config.integer("type_vocab_size", 2), hidden);
        Norm norm = weights.layerNorm(prefix + "embeddings.LayerNorm", hidden, epsilon(config));
        return (embeddings, sight) -> {
            NDArray positions =
                    firstPosition == 0 ? sight.positions() : sight.positions().add(firstPosition);
            return norm.apply(embeddings.add(types.apply(sight.types())).add(places.apply(positions)));
        };
    }

    static double epsilon(ConfigReader config) {
        return config.number("layer_norm_eps", 1e-12);
    }

    private static ModelConfig shape(ConfigReader config, int firstPosition) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        return new ModelConfig(
                config.text("model_type", ""),
                config.integer("vocab_size"),
                hidden,
                config.integer("num_hidden_layers"),
                heads,
                heads,
                hidden / heads,
                false,
                config.integer("max_position_embeddings") - firstPosition);
    }
}
