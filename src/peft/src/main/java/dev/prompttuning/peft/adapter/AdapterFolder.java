package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.method.PeftType;
import dev.prompttuning.transformers.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An adapter folder that holds a soft prompt.
 *
 * @param path the folder
 */
public record AdapterFolder(Path path) {

    static final String TENSOR = "prompt_embeddings";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes PEFT's two files, of which stock PEFT reads both. */
    public void write(AdapterConfig config, NDArray promptEmbeddings) throws IOException {
        write(config, promptEmbeddings, Map.of());
    }

    /** As {@link #write(AdapterConfig, NDArray)}, with the tensors of a head by their names in the file. */
    public void write(AdapterConfig config, NDArray promptEmbeddings, Map<String, NDArray> head) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>(head);
        tensors.put(TENSOR, promptEmbeddings);
        files().write(config.toJson(), tensors);
    }

    private AdapterFiles files() {
        return new AdapterFiles(path);
    }

    /**
     * Reads the configuration alone.
     *
     * @throws InvalidAdapterException when the folder holds none, or one of a kind that is not supported
     */
    public AdapterConfig config() {
        JsonNode json = files().config();
        PeftType type = type(json);
        Map<String, Object> methodKeys = new TreeMap<>();
        json.properties().forEach(field -> {
            if (field.getKey().startsWith("encoder_")
                    || field.getKey().startsWith("prompt_tuning_")
                    || field.getKey().startsWith("prefix_")) {
                methodKeys.put(field.getKey(), JSON.convertValue(field.getValue(), Object.class));
            }
        });
        return new AdapterConfig(
                type,
                json.path("task_type").asText("CAUSAL_LM"),
                json.path("base_model_name_or_path").asText(""),
                Optional.ofNullable(json.path("revision").textValue()),
                json.path("num_virtual_tokens").asInt(),
                json.path("token_dim").asInt(),
                json.path("num_attention_heads").asInt(),
                json.path("num_layers").asInt(),
                methodKeys,
                AdapterFiles.texts(json.path("modules_to_save")));
    }

    private PeftType type(JsonNode json) {
        String name = json.path("peft_type").asText("");
        return Arrays.stream(PeftType.values())
                .filter(type -> type.name().equals(name))
                .findAny()
                .orElseThrow(() -> new InvalidAdapterException("%s: peft_type is \"%s\"; supported are %s"
                        .formatted(files().configFile(), name, Arrays.toString(PeftType.values()))));
    }

    /**
     * Reads an adapter and checks that it fits a model.
     *
     * @param manager owner of the tensor
     * @throws InvalidAdapterException when it is unreadable or was made for a model of another shape
     */
    public Adapter read(ModelConfig model, NDManager manager) {
        AdapterConfig config = config();
        NDArray tensor = tensor(manager);
        long expected =
                config.peftType().isKeyValues() ? 2L * model.numLayers() * model.keyValueSize() : model.hiddenSize();
        if (tensor.getShape().dimension() != 2 || tensor.getShape().get(1) != expected) {
            String message =
                    "%s was made for another base model: its rows have %d elements, but this model (%s, hidden size %d, %d layers, %d key/value heads of %d) needs %d"
                            .formatted(
                                    path,
                                    tensor.getShape().get(tensor.getShape().dimension() - 1),
                                    model.modelType(),
                                    model.hiddenSize(),
                                    model.numLayers(),
                                    model.numKeyValueHeads(),
                                    model.headDim(),
                                    expected);
            tensor.close();
            throw new InvalidAdapterException(message);
        }
        return new Adapter(config, tensor);
    }

    private NDArray tensor(NDManager manager) {
        Map<String, NDArray> tensors = files().tensors(manager);
        NDArray tensor = tensors.get(TENSOR);
        tensors.forEach((name, other) -> {
            if (other != tensor) {
                other.close();
            }
        });
        if (tensor == null) {
            throw new InvalidAdapterException("%s holds no tensor named %s".formatted(path, TENSOR));
        }
        return tensor;
    }
}
