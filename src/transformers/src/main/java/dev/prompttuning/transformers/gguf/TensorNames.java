package dev.prompttuning.transformers.gguf;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** llama.cpp's names of tensors, and Hugging Face's of the same ones. */
final class TensorNames {
    private static final Map<String, String> OF_MODEL = Map.of(
            "token_embd", "model.embed_tokens",
            "output_norm", "model.norm",
            "output", "lm_head");
    private static final Map<String, String> OF_LAYER = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");
    private static final Pattern MODEL = Pattern.compile("(\\w+)\\.(weight|bias)");

    private TensorNames() {}

    /** Hugging Face's name; a tensor it has no name for keeps its own. */
    static String huggingFace(String name) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches() && OF_LAYER.containsKey(layer.group(2))) {
            return "model.layers." + layer.group(1) + "." + OF_LAYER.get(layer.group(2)) + "." + layer.group(3);
        }
        Matcher model = MODEL.matcher(name);
        return model.matches() && OF_MODEL.containsKey(model.group(1))
                ? OF_MODEL.get(model.group(1)) + "." + model.group(2)
                : name;
    }

    /** Whether llama.cpp's converter puts a Llama's rows of this tensor in pairs for rotation. */
    static boolean isQuery(String name) {
        return name.matches("blk\\.\\d+\\.attn_q\\.(weight|bias)");
    }

    /** As {@link #isQuery}. */
    static boolean isKey(String name) {
        return name.matches("blk\\.\\d+\\.attn_k\\.(weight|bias)");
    }
}
