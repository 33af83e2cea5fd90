package dev.prompttuning.transformers.gpt2;

import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.Decoder;
import dev.prompttuning.transformers.model.Embedding;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** GPT-2. Virtual tokens take position embeddings like any token, so they count against {@code n_positions}. */
public final class Gpt2Decoder {

    private Gpt2Decoder() {}

    public static Decoder of(ConfigReader config, Weights given) {
        ModelConfig shape = shape(config);
        String activation = config.text("activation_function", "gelu_new");
        if (!activation.equals("gelu_new")) {
            throw config.unsupported("activation_function", activation, "gelu_new");
        }
        if (config.flag("scale_attn_by_inverse_layer_idx", false)) {
            throw config.unsupported("scale_attn_by_inverse_layer_idx", "true", "false");
        }
        int hidden = shape.hiddenSize();
        int inner = config.integer("n_inner", 4 * hidden);
        double epsilon = config.number("layer_norm_epsilon", 1e-5);
        Weights weights = given.within("transformer.", "wte.weight");
        Embedding tokens = weights.embedding("transformer.wte.weight", shape.vocabSize(), hidden);
        Embedding places = weights.embedding("transformer.wpe.weight", shape.maxPositions(), hidden);
        List<Decoder.Layer> layers = IntStream.range(0, shape.numLayers())
                .<Decoder.Layer>mapToObj(i -> new Gpt2Layer(shape, inner, epsilon, weights, "transformer.h." + i))
                .toList();
        return new Decoder(
                shape,
                Positioning.embedded(),
                tokens,
                (embeddings, sight) -> embeddings.add(places.apply(sight.positions())),
                layers,
                weights.layerNorm("transformer.ln_f", hidden, epsilon),
                config.flag("tie_word_embeddings", true)
                        ? tokens.tiedHead()
                        : weights.linear("lm_head", hidden, shape.vocabSize(), false));
    }

    private static ModelConfig shape(ConfigReader config) {
        int hidden = config.integer("n_embd");
        int heads = config.integer("n_head");
        return new ModelConfig(
                "gpt2",
                config.integer("vocab_size"),
                hidden,
                config.integer("n_layer"),
                heads,
                heads,
                hidden / heads,
                false,
                config.integer("n_positions", 1024));
    }
}
