package dev.prompttuning.transformers.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** What {@code config.json} and {@code generation_config.json} of the model would say. */
record GgufConfig(Metadata metadata, GgufTensors tensors) {
    private static final Set<String> FAMILIES = Set.of("llama", "qwen2", "qwen3");
    private static final String FREQUENCY_FACTORS = "rope_freqs.weight";
    /** Of all Llamas since 3.1; the file has only the frequencies that come of them. */
    private static final double LOW_FREQUENCY_FACTOR = 1;

    private static final double HIGH_FREQUENCY_FACTOR = 4;
    private static final int ORIGINAL_POSITIONS = 8192;

    /** The family, which is also the first part of its metadata's keys. */
    static String family(Metadata metadata) {
        String family =
                metadata.text("general.architecture").orElseThrow(() -> metadata.missing("general.architecture"));
        if (!FAMILIES.contains(family)) {
            throw metadata.unsupported("general.architecture", family, "llama, qwen2, qwen3");
        }
        if (metadata.integer(family + ".expert_count").orElse(0) > 0) {
            throw metadata.unsupported(
                    family + ".expert_count",
                    metadata.integer(family + ".expert_count").getAsLong(),
                    "models without experts");
        }
        if (metadata.integer("split.count").orElse(1) > 1) {
            throw metadata.invalid("is one of several parts; put them together with llama-gguf-split --merge");
        }
        return family;
    }

    ObjectNode config() {
        String family = family(metadata);
        long heads = required("attention.head_count");
        long hidden = required("embedding_length");
        long headDim = metadata.integer(family + ".attention.key_length").orElse(hidden / heads);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures")
                .add(family.equals("llama") ? "LlamaForCausalLM" : "Qwen" + family.charAt(4) + "ForCausalLM");
        config.put("model_type", family);
        config.put(
                "vocab_size",
                tensors.info("model.embed_tokens.weight").dimensions().get(0));
        config.put("hidden_size", hidden);
        config.put("num_hidden_layers", required("block_count"));
        config.put("num_attention_heads", heads);
        config.put(
                "num_key_value_heads",
                metadata.integer(family + ".attention.head_count_kv").orElse(heads));
        config.put("head_dim", headDim);
        config.put("intermediate_size", required("feed_forward_length"));
        config.put("hidden_act", "silu");
        config.put("max_position_embeddings", required("context_length"));
        config.put(
                "rms_norm_eps",
                metadata.number(family + ".attention.layer_norm_rms_epsilon").orElse(1e-6));
        config.put(
                "attention_bias", !family.equals("qwen2") && tensors.contains("model.layers.0.self_attn.q_proj.bias"));
        config.put("tie_word_embeddings", !tensors.contains("lm_head.weight"));
        config.put("dtype", "float32");
        config.set("rope_parameters", rotary(headDim));
        putId(config, "bos_token_id", "bos");
        putId(config, "eos_token_id", "eos");
        putId(config, "pad_token_id", "padding");
        return config;
    }

    /** The tokens that end a text; a chat model's turn may end with another one than its documents. */
    ObjectNode generationConfig() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        putId(config, "bos_token_id", "bos");
        putId(config, "eos_token_id", "eos");
        putId(config, "pad_token_id", "padding");
        JsonNode end = config.path("eos_token_id");
        metadata.integer("tokenizer.ggml.eot_token_id").ifPresent(turn -> {
            if (end.isNumber() && end.asLong() != turn) {
                config.putArray("eos_token_id").add(end).add(turn);
            }
        });
        return config;
    }

    private void putId(ObjectNode config, String name, String role) {
        metadata.integer("tokenizer.ggml." + role + "_token_id").ifPresent(id -> config.put(name, id));
    }

    private long required(String key) {
        return metadata.requiredInteger(family(metadata) + "." + key);
    }

    private ObjectNode rotary(long headDim) {
        String prefix = family(metadata) + ".rope.";
        long rotated = metadata.integer(prefix + "dimension_count").orElse(headDim);
        if (rotated != headDim) {
            throw metadata.unsupported(prefix + "dimension_count", rotated, "the size of a head, " + headDim);
        }
        double theta = metadata.number(prefix + "freq_base").orElse(10_000.0);
        ObjectNode rotary = JsonNodeFactory.instance.objectNode();
        rotary.put("rope_theta", theta);
        String type = metadata.text(prefix + "scaling.type").orElse("none");
        if (tensors.contains(FREQUENCY_FACTORS)) {
            scaleLikeLlama3(rotary, theta, (int) headDim);
        } else if (type.equals("none")) {
            rotary.put("rope_type", "default");
        } else {
            rotary.put("rope_type", type);
            metadata.number(prefix + "scaling.factor").ifPresent(factor -> rotary.put("factor", factor));
        }
        return rotary;
    }

    /** The file has what each frequency is divided by: it must be what Llama 3.1's rule says for the largest of them. */
    private void scaleLikeLlama3(ObjectNode rotary, double theta, int headDim) {
        float[] factors = tensors.values(FREQUENCY_FACTORS);
        double factor = 1;
        for (float each : factors) {
            factor = Math.max(factor, each);
        }
        boolean same = factors.length == headDim / 2;
        for (int i = 0; same && i < factors.length; i++) {
            double frequency = Math.pow(theta, -2.0 * i / headDim);
            double turns = ORIGINAL_POSITIONS * frequency / (2 * Math.PI);
            double kept = (turns - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
            kept = Math.min(1, Math.max(0, kept));
            double expected = 1 / (kept + (1 - kept) / factor);
            same = Math.abs(factors[i] - expected) <= 1e-3 * expected;
        }
        if (!same) {
            throw metadata.invalid(
                    "has frequencies in " + FREQUENCY_FACTORS + " that are not scaled by Llama 3.1's rule,"
                            + " which is the only one supported; use the model's safetensors files");
        }
        rotary.put("rope_type", "llama3");
        rotary.put("factor", factor);
        rotary.put("low_freq_factor", LOW_FREQUENCY_FACTOR);
        rotary.put("high_freq_factor", HIGH_FREQUENCY_FACTOR);
        rotary.put("original_max_position_embeddings", ORIGINAL_POSITIONS);
    }
}
