package dev.prompttuning.peft.adapter;

import dev.prompttuning.peft.method.PTuning;
import dev.prompttuning.peft.method.PeftType;
import dev.prompttuning.peft.method.PrefixTuning;
import dev.prompttuning.peft.method.PromptInit;
import dev.prompttuning.peft.method.SoftPrompt;
import dev.prompttuning.transformers.model.ModelConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code adapter_config.json} says of a soft prompt.
 *
 * @param taskType such as {@code CAUSAL_LM}
 * @param baseModel name or path of the base model
 * @param tokenDim elements of one virtual token: the hidden size, or, for a prefix, of one layer's keys
 * @param numAttentionHeads the query heads, or, for a prefix, the key/value heads
 * @param methodKeys what only this method has, by PEFT's names
 * @param modulesToSave the modules of the base model that are trained and saved too
 */
public record AdapterConfig(
        PeftType peftType,
        String taskType,
        String baseModel,
        Optional<String> revision,
        int numVirtualTokens,
        int tokenDim,
        int numAttentionHeads,
        int numLayers,
        Map<String, Object> methodKeys,
        List<String> modulesToSave) {

    /** The version of PEFT whose files these are like. */
    static final String PEFT_VERSION = "0.21.2";

    /** PEFT's name for answering a text with a text, by an encoder and a decoder. */
    public static final String SEQ_2_SEQ_LM = "SEQ_2_SEQ_LM";

    public AdapterConfig {
        methodKeys = Collections.unmodifiableMap(new TreeMap<>(methodKeys));
        modulesToSave = List.copyOf(modulesToSave);
    }

    /**
     * The configuration of a prompt for causal language modelling.
     *
     * @param init how the prompt started; only prompt tuning writes it down
     */
    public static AdapterConfig causal(
            SoftPrompt prompt, PromptInit init, ModelConfig model, String baseModel, Optional<String> revision) {
        // PEFT sizes a prefix by the key/value heads wherever the model's configuration names them.
        boolean byKeyValues = prompt.type().isKeyValues() && model.explicitKeyValueHeads();
        int tokenDim = byKeyValues ? model.keyValueSize() : model.hiddenSize();
        return new AdapterConfig(
                prompt.type(),
                "CAUSAL_LM",
                baseModel,
                revision,
                prompt.numVirtualTokens(),
                tokenDim,
                byKeyValues ? model.numKeyValueHeads() : model.numHeads(),
                model.numLayers(),
                methodKeys(prompt, init, baseModel, tokenDim),
                List.of());
    }

    /** The same for another task. */
    public AdapterConfig forTask(String task, List<String> trainedModules) {
        return new AdapterConfig(
                peftType,
                task,
                baseModel,
                revision,
                numVirtualTokens,
                tokenDim,
                numAttentionHeads,
                numLayers,
                methodKeys,
                trainedModules);
    }

    private static Map<String, Object> methodKeys(SoftPrompt prompt, PromptInit init, String baseModel, int tokenDim) {
        Map<String, Object> keys = new TreeMap<>();
        if (prompt instanceof PTuning pTuning) {
            keys.put("encoder_reparameterization_type", pTuning.encoder().reparameterizationType());
            keys.put("encoder_hidden_size", pTuning.encoder().hiddenSize());
            keys.put("encoder_num_layers", pTuning.encoder().numLayers());
            keys.put("encoder_dropout", pTuning.encoder().dropout());
        } else if (prompt instanceof PrefixTuning prefix) {
            keys.put("encoder_hidden_size", prefix.projectionSize().orElse(tokenDim));
            keys.put("prefix_projection", prefix.projectionSize().isPresent());
            keys.put("init_weights", init instanceof PromptInit.Zero ? "zero" : null);
        } else {
            boolean text = init instanceof PromptInit.Text;
            keys.put("prompt_tuning_init", init.peftName());
            keys.put("prompt_tuning_init_text", init instanceof PromptInit.Text t ? t.text() : null);
            keys.put("tokenizer_name_or_path", text ? baseModel : null);
            keys.put("tokenizer_kwargs", null);
        }
        return keys;
    }

    /** All keys in PEFT's order, which is the alphabet's. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new TreeMap<>(methodKeys);
        json.put("auto_mapping", null);
        json.put("base_model_name_or_path", baseModel);
        json.put("inference_mode", true);
        json.put("modules_to_save", modulesToSave.isEmpty() ? null : modulesToSave);
        json.put("num_attention_heads", numAttentionHeads);
        json.put("num_layers", numLayers);
        json.put("num_transformer_submodules", taskType.equals(SEQ_2_SEQ_LM) ? 2 : 1);
        json.put("num_virtual_tokens", numVirtualTokens);
        json.put("peft_type", peftType.name());
        json.put("peft_version", PEFT_VERSION);
        json.put("revision", revision.orElse(null));
        json.put("task_type", taskType);
        json.put("token_dim", tokenDim);
        return json;
    }
}
