package dev.prompttuning.peft.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.peft.lora.LoraSettings;
import dev.prompttuning.transformers.head.HeadTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@code adapter_config.json} says of LoRA.
 *
 * @param taskType such as {@code CAUSAL_LM}
 * @param baseModel name or path of the base model
 * @param fanInFanOut whether the base model stores the maps' weights as {@code [in, out]}, as GPT-2 does
 * @param modulesToSave the modules of the base model that are trained and saved too
 */
public record LoraConfig(
        LoraSettings settings,
        String taskType,
        String baseModel,
        Optional<String> revision,
        boolean fanInFanOut,
        List<String> modulesToSave) {

    /** PEFT's name for LoRA. */
    public static final String PEFT_TYPE = "LORA";

    /** Keys that stand for something this project does not compute, where they are set. */
    private static final Set<String> REFUSED = Set.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "lora_bias",
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "layer_replication",
            "monteclora_config",
            "target_parameters",
            "trainable_token_indices",
            "velora_config");

    /** Initialisations that change the base model's weights too. */
    private static final Set<String> REBASING = Set.of("pissa", "olora", "corda", "loftq", "lora_ga");

    /** All keys in PEFT's order, which is the alphabet's. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new TreeMap<>();
        List.of(
                        "alora_invocation_tokens",
                        "arrow_config",
                        "auto_mapping",
                        "corda_config",
                        "eva_config",
                        "exclude_modules",
                        "kasa_config",
                        "layer_replication",
                        "layers_pattern",
                        "layers_to_transform",
                        "lora_ga_config",
                        "megatron_config",
                        "monteclora_config",
                        "target_parameters",
                        "trainable_token_indices",
                        "use_bdlora",
                        "velora_config")
                .forEach(key -> json.put(key, null));
        List.of("ensure_weight_tying", "lora_bias", "use_dora", "use_qalora").forEach(key -> json.put(key, false));
        json.put("alpha_pattern", settings.alphas());
        json.put("base_model_name_or_path", baseModel);
        json.put("bias", "none");
        json.put("fan_in_fan_out", fanInFanOut);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        json.put("loftq_config", Map.of());
        json.put("lora_alpha", wholeIfPossible(settings.alpha()));
        json.put("lora_dropout", settings.dropout());
        json.put("megatron_core", "megatron.core");
        json.put("modules_to_save", modulesToSave.isEmpty() ? null : modulesToSave);
        json.put("peft_type", PEFT_TYPE);
        json.put("peft_version", AdapterConfig.PEFT_VERSION);
        json.put("qalora_group_size", 16);
        json.put("r", settings.rank());
        json.put("rank_pattern", Map.of());
        json.put("revision", revision.orElse(null));
        json.put("target_modules", settings.targetModules());
        json.put("task_type", taskType);
        json.put("use_rslora", settings.rankStabilized());
        return json;
    }

    private static Number wholeIfPossible(double number) {
        if (number == Math.rint(number)) {
            return (long) number;
        }
        return number;
    }

    /** @throws InvalidAdapterException when it asks for what is not supported */
    static LoraConfig of(JsonNode json, String where) {
        for (String key : REFUSED) {
            if (isSet(json.path(key))) {
                throw unsupported(where, key, json.path(key), "leave it out");
            }
        }
        String taskType = json.path("task_type").asText("CAUSAL_LM");
        boolean hasHead =
                Arrays.stream(HeadTask.values()).anyMatch(task -> task.name().equals(taskType));
        if (isSet(json.path("modules_to_save")) && !hasHead) {
            throw unsupported(where, "modules_to_save", json.path("modules_to_save"), "leave it out");
        }
        String bias = json.path("bias").asText("none");
        if (!bias.equals("none")) {
            throw unsupported(where, "bias", json.path("bias"), "train with \"none\"");
        }
        String init = json.path("init_lora_weights").asText("");
        if (REBASING.stream().anyMatch(init::startsWith)) {
            throw unsupported(
                    where, "init_lora_weights", json.path("init_lora_weights"), "convert it to plain LoRA with PEFT");
        }
        LoraSettings settings = new LoraSettings(
                json.path("r").asInt(8),
                json.path("lora_alpha").asDouble(8),
                json.path("lora_dropout").asDouble(0),
                json.path("use_rslora").asBoolean(false),
                targets(json.path("target_modules")),
                numbers(json.path("alpha_pattern")));
        return new LoraConfig(
                settings,
                taskType,
                json.path("base_model_name_or_path").asText(""),
                Optional.ofNullable(json.path("revision").textValue()),
                json.path("fan_in_fan_out").asBoolean(false),
                AdapterFiles.texts(json.path("modules_to_save")));
    }

    private static boolean isSet(JsonNode value) {
        return value.isContainerNode() ? !value.isEmpty() : value.asBoolean(value.isTextual());
    }

    private static InvalidAdapterException unsupported(String where, String key, JsonNode value, String remedy) {
        return new InvalidAdapterException(
                "%s: %s is %s, which is not supported; %s".formatted(where, key, value, remedy));
    }

    /** A pattern, which PEFT allows too, is kept as it is: which maps are meant, the tensors' names tell. */
    private static List<String> targets(JsonNode value) {
        List<String> targets = new ArrayList<>();
        if (value.isTextual()) {
            targets.add(value.asText());
        }
        value.elements().forEachRemaining(target -> targets.add(target.asText()));
        return targets;
    }

    private static Map<String, Double> numbers(JsonNode object) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> numbers.put(field.getKey(), field.getValue().asDouble()));
        return numbers;
    }
}
