package dev.prompttuning.transformers.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.gguf.GgufModel;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A model in the Hugging Face layout, or in a GGUF file, opened and checked. Safe for use by several threads. */
public final class ModelFolder implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final String LAYOUT =
            "a model folder holds config.json, tokenizer.json and model.safetensors (or its shards and their index), or one"
                    + " GGUF file";

    private final Path path;
    private final JsonNode config;
    private final JsonNode generationConfig;
    private final TensorSource tensors;
    private String digest;

    private ModelFolder(Path path, JsonNode config, JsonNode generationConfig, TensorSource tensors) {
        this.path = path;
        this.config = config;
        this.generationConfig = generationConfig;
        this.tensors = tensors;
    }

    /**
     * Opens a folder, or a GGUF file. The tokenizer is left to {@link dev.prompttuning.transformers.tokenizer.Tokenizer#load}.
     *
     * @throws InvalidModelException when something is missing or damaged
     */
    public static ModelFolder open(Path path) {
        Optional<Path> gguf = GgufModel.find(path);
        if (gguf.isPresent()) {
            GgufModel model = GgufModel.open(gguf.get());
            return new ModelFolder(path, model.config(), model.generationConfig(), model.tensors());
        }
        if (!Files.isDirectory(path)) {
            throw new InvalidModelException("The model folder " + path + " does not exist; " + LAYOUT + ".");
        }
        if (!Files.isRegularFile(path.resolve(CONFIG))) {
            throw new InvalidModelException("There is no config.json in " + path + "; " + LAYOUT + ".");
        }
        JsonNode config = json(path.resolve(CONFIG));
        if (config.path("model_type").asText().isEmpty()) {
            throw new InvalidModelException(
                    path.resolve(CONFIG) + " has no \"model_type\", so the model's family is unknown.");
        }
        Path generation = path.resolve(GENERATION_CONFIG);
        JsonNode generationConfig = Files.isRegularFile(generation) ? json(generation) : null;
        return new ModelFolder(path, config, generationConfig, SafeTensors.open(path));
    }

    /** The size of {@code tokenizer.json}, or of what stands for it in a GGUF file. */
    public long tokenizerBytes() {
        return GgufModel.find(path)
                // A tokenizer.json of the same tokens is about twice as long.
                .map(file -> 2 * GgufModel.open(file).headerBytes())
                .orElseGet(() -> path.resolve("tokenizer.json").toFile().length());
    }

    public Path path() {
        return path;
    }

    /** {@code config.json}. */
    public JsonNode config() {
        return config;
    }

    /** The family by {@code config.json}, such as {@code qwen2}. */
    public String modelType() {
        return config.path("model_type").asText();
    }

    /** {@code generation_config.json}, where there is one. */
    public Optional<JsonNode> generationConfig() {
        return Optional.ofNullable(generationConfig);
    }

    /** The weights; closed with this folder. */
    public TensorSource tensors() {
        return tensors;
    }

    /**
     * {@code sha256:…} over config.json, where there is one, and every weight file with its name, so that the same digest means the same model. Reads
     * every byte the first time.
     */
    public synchronized String digest() {
        if (digest == null) {
            Path configuration = path.resolve(CONFIG);
            Stream<Path> beside = Files.isRegularFile(configuration) ? Stream.of(configuration) : Stream.empty();
            digest = ContentDigest.of(
                    Stream.concat(beside, tensors.files().stream()).toList());
        }
        return digest;
    }

    /**
     * Writes or copies everything but the weights to where a model with other weights is made.
     *
     * @param target an existing folder
     */
    public void copyBesideWeights(Path target) throws IOException {
        Optional<Path> gguf = GgufModel.find(path);
        if (gguf.isPresent()) {
            GgufModel.open(gguf.get()).writeBesideWeights(target);
            return;
        }
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(ModelFolder::isBesideWeights).toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private static boolean isBesideWeights(Path file) {
        String name = file.getFileName().toString();
        boolean described = name.endsWith(".json") && !name.endsWith(".index.json") && !name.equals("provenance.json");
        return Files.isRegularFile(file) && (described || name.endsWith(".jinja") || name.endsWith(".txt"));
    }

    @Override
    public void close() {
        tensors.close();
    }

    private static JsonNode json(Path file) {
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readString(file));
            if (root.isObject()) {
                return root;
            }
            throw new InvalidModelException(file + " is not a JSON object; download it again.");
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read as JSON; download it again.", e);
        }
    }
}
