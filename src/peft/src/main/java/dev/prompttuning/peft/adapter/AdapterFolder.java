package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.method.PeftType;
import dev.prompttuning.peft.pickle.TorchArchive;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.model.ModelConfig;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An adapter folder.
 *
 * @param path the folder
 */
public record AdapterFolder(Path path) {

    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";
    private static final String OLD_WEIGHTS = "adapter_model.bin";
    static final String TENSOR = "prompt_embeddings";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes PEFT's two files, of which stock PEFT reads both. */
    public void write(AdapterConfig config, NDArray promptEmbeddings) throws IOException {
        Files.createDirectories(path);
        // As Python's json.dumps(indent=2) does, so that files can be compared byte by byte.
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(new DefaultIndenter("  ", "\n"));
        Files.writeString(path.resolve(CONFIG), JSON.writer(printer).writeValueAsString(config.toJson()));
        SafeTensorsWriter.write(path.resolve(WEIGHTS), Map.of(TENSOR, promptEmbeddings), Map.of("format", "pt"));
    }

    /**
     * Reads the configuration alone.
     *
     * @throws InvalidAdapterException when the folder holds none, or one of a kind that is not supported
     */
    public AdapterConfig config() {
        JsonNode json = json();
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
                methodKeys);
    }

    private JsonNode json() {
        Path file = path.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new InvalidAdapterException("%s holds no %s, so it is no adapter folder".formatted(path, CONFIG));
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new InvalidAdapterException("%s is not valid JSON: %s".formatted(file, e.getMessage()), e);
        }
    }

    private PeftType type(JsonNode json) {
        String name = json.path("peft_type").asText("");
        return Arrays.stream(PeftType.values())
                .filter(type -> type.name().equals(name))
                .findAny()
                .orElseThrow(() -> new InvalidAdapterException("%s: peft_type is \"%s\"; supported are %s"
                        .formatted(path.resolve(CONFIG), name, Arrays.toString(PeftType.values()))));
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
        Path weights = path.resolve(WEIGHTS);
        NDArray tensor;
        if (Files.isRegularFile(weights)) {
            tensor = fromSafeTensors(weights, manager);
        } else if (Files.isRegularFile(path.resolve(OLD_WEIGHTS))) {
            tensor = TorchArchive.read(path.resolve(OLD_WEIGHTS), manager).get(TENSOR);
        } else {
            throw new InvalidAdapterException("%s holds neither %s nor %s".formatted(path, WEIGHTS, OLD_WEIGHTS));
        }
        if (tensor == null) {
            throw new InvalidAdapterException("%s holds no tensor named %s".formatted(path, TENSOR));
        }
        return tensor;
    }

    private static NDArray fromSafeTensors(Path file, NDManager manager) {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            return tensors.contains(TENSOR) ? tensors.load(TENSOR, manager, true) : null;
        } catch (InvalidModelException e) {
            throw new InvalidAdapterException(e.getMessage(), e);
        }
    }

    /** Bytes of PEFT's files. */
    public long bytes() {
        try {
            long bytes = 0;
            for (Path file : files()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code sha256:…} over PEFT's files, one after the other. */
    public String digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Path file : files()) {
                sha256.update(Files.readAllBytes(file));
            }
            return "sha256:" + HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private List<Path> files() {
        return Stream.of(CONFIG, WEIGHTS, OLD_WEIGHTS)
                .map(path::resolve)
                .filter(Files::isRegularFile)
                .toList();
    }
}
