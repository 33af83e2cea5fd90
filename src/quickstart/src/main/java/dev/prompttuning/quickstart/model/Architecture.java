package dev.prompttuning.quickstart.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The size of a Qwen3 model with grouped heads, query and key norms and tied embeddings.
 *
 * @param vocabularySize tokens
 * @param hiddenSize width of a token's state
 * @param intermediateSize width of the feed-forward layers
 * @param layers decoder layers
 * @param heads query heads
 * @param keyValueHeads key and value heads
 * @param headDim width of a head
 * @param maxPositions longest sequence in tokens
 */
public record Architecture(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int maxPositions) {

    /** The quickstart's: the smallest found that learns its text well in one pass over 20,000 rows. */
    public static Architecture quickstart(int vocabularySize) {
        return new Architecture(vocabularySize, 96, 288, 3, 4, 2, 32, 512);
    }

    /** The shapes of all weights, by name, in the order of the file. */
    Map<String, int[]> shapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new int[] {vocabularySize, hiddenSize});
        for (int layer = 0; layer < layers; layer++) {
            String name = "model.layers." + layer + ".";
            shapes.put(name + "input_layernorm.weight", new int[] {hiddenSize});
            shapes.put(name + "self_attn.q_proj.weight", new int[] {heads * headDim, hiddenSize});
            shapes.put(name + "self_attn.k_proj.weight", new int[] {keyValueHeads * headDim, hiddenSize});
            shapes.put(name + "self_attn.v_proj.weight", new int[] {keyValueHeads * headDim, hiddenSize});
            shapes.put(name + "self_attn.o_proj.weight", new int[] {hiddenSize, heads * headDim});
            shapes.put(name + "self_attn.q_norm.weight", new int[] {headDim});
            shapes.put(name + "self_attn.k_norm.weight", new int[] {headDim});
            shapes.put(name + "post_attention_layernorm.weight", new int[] {hiddenSize});
            shapes.put(name + "mlp.gate_proj.weight", new int[] {intermediateSize, hiddenSize});
            shapes.put(name + "mlp.up_proj.weight", new int[] {intermediateSize, hiddenSize});
            shapes.put(name + "mlp.down_proj.weight", new int[] {hiddenSize, intermediateSize});
        }
        shapes.put("model.norm.weight", new int[] {hiddenSize});
        return shapes;
    }

    /** The content of {@code config.json}. */
    ObjectNode config(double initializerRange, int endToken) {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.putArray("architectures").add("Qwen3ForCausalLM");
        config.put("attention_bias", false).put("attention_dropout", 0.0);
        config.putNull("bos_token_id").put("eos_token_id", endToken).put("pad_token_id", endToken);
        config.put("head_dim", headDim).put("hidden_act", "silu").put("hidden_size", hiddenSize);
        config.put("initializer_range", initializerRange).put("intermediate_size", intermediateSize);
        config.put("max_position_embeddings", maxPositions).put("max_window_layers", layers);
        config.put("model_type", "qwen3").put("num_attention_heads", heads);
        config.put("num_hidden_layers", layers).put("num_key_value_heads", keyValueHeads);
        config.put("rms_norm_eps", 1e-6).putNull("rope_scaling").put("rope_theta", 10000.0);
        config.putNull("sliding_window").put("tie_word_embeddings", true).put("torch_dtype", "float32");
        return config.put("use_cache", true).put("use_sliding_window", false).put("vocab_size", vocabularySize);
    }
}
