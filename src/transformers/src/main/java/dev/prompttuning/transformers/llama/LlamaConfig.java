package dev.prompttuning.transformers.llama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.transformers.model.ConfigReader;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.model.Positioning;
import dev.prompttuning.transformers.model.Rotary;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * The switches in which these families differ.
 *
 * @param queryKeyNorm whether each head of queries and keys is normalised (Qwen3)
 * @param hasWindow which layers see only a window of the past
 */
record LlamaConfig(
        ModelConfig shape,
        int intermediateSize,
        double rmsNormEpsilon,
        Positioning positioning,
        boolean queryKeyValueBias,
        boolean outputBias,
        boolean feedForwardBias,
        boolean queryKeyNorm,
        boolean tiedHead,
        IntPredicate hasWindow) {

    static LlamaConfig of(ConfigReader config) {
        String type = config.text("model_type", "");
        String activation = config.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw config.unsupported("hidden_act", activation, "silu");
        }
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headDim = config.integer("head_dim", type.equals("qwen3") ? 128 : hidden / heads);
        ModelConfig shape = new ModelConfig(
                type,
                config.integer("vocab_size"),
                hidden,
                config.integer("num_hidden_layers"),
                heads,
                config.integer("num_key_value_heads", heads),
                headDim,
                config.has("num_key_value_heads"),
                config.integer("max_position_embeddings", 2048));
        OptionalInt window = window(config, type);
        boolean bias = config.flag("attention_bias", false);
        return new LlamaConfig(
                shape,
                config.integer("intermediate_size"),
                config.number("rms_norm_eps", 1e-6),
                Positioning.rotary(Rotary.of(config, headDim), window),
                type.equals("qwen2") || bias,
                bias,
                config.flag("mlp_bias", false),
                type.equals("qwen3"),
                config.flag("tie_word_embeddings", false),
                windowedLayers(config, window));
    }

    /** Mistral's window holds wherever it is given; Qwen's only where {@code use_sliding_window} says so. */
    private static OptionalInt window(ConfigReader config, String type) {
        boolean used =
                switch (type) {
                    case "mistral" -> true;
                    case "qwen2", "qwen3" -> config.flag("use_sliding_window", false);
                    default -> false;
                };
        return used && config.has("sliding_window")
                ? OptionalInt.of(config.integer("sliding_window"))
                : OptionalInt.empty();
    }

    private static IntPredicate windowedLayers(ConfigReader config, OptionalInt window) {
        if (window.isEmpty()) {
            return layer -> false;
        }
        JsonNode types = config.node("layer_types");
        if (types.isArray()) {
            return layer -> types.path(layer).asText().equals("sliding_attention");
        }
        int firstWindowed = config.integer("max_window_layers", 0);
        return layer -> layer >= firstWindowed;
    }
}
