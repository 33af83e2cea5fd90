package dev.prompttuning.transformers.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A model in one GGUF file: a Llama (Mistral among them), Qwen2 or Qwen3. */
public final class GgufModel {
    private static final String SUFFIX = ".gguf";

    private final Path file;
    private final GgufHeader header;

    private GgufModel(Path file, GgufHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * The GGUF file that a path means: the path itself, or the only such file in a folder without a {@code config.json}.
     *
     * @throws InvalidModelException when the folder has several
     */
    public static Optional<Path> find(Path fileOrFolder) {
        if (Files.isRegularFile(fileOrFolder)) {
            return Optional.of(fileOrFolder).filter(GgufModel::isGguf);
        }
        if (!Files.isDirectory(fileOrFolder) || Files.exists(fileOrFolder.resolve("config.json"))) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(fileOrFolder)) {
            List<Path> found = entries.filter(GgufModel::isGguf).sorted().toList();
            if (found.size() > 1) {
                throw new InvalidModelException(fileOrFolder + " holds " + found.size()
                        + " GGUF files and no config.json; name one of the files, such as "
                        + found.get(0) + ", or keep one in the folder.");
            }
            return found.stream().findFirst();
        } catch (IOException e) {
            throw new InvalidModelException(fileOrFolder + " cannot be listed: " + e.getMessage() + ".", e);
        }
    }

    private static boolean isGguf(Path path) {
        return path.getFileName().toString().endsWith(SUFFIX) && Files.isRegularFile(path);
    }

    /**
     * Reads the header.
     *
     * @throws InvalidModelException when the file is damaged, of a family that is not supported, or holds a tensor that cannot be
     *     read
     */
    public static GgufModel open(Path file) {
        GgufHeader header = GgufHeader.read(file);
        GgufConfig.family(header.metadata());
        return new GgufModel(file, header);
    }

    /** The tensors; whoever asks closes them. */
    public TensorSource tensors() {
        return openTensors();
    }

    /** Bytes in front of the tensors, nearly all of them the tokenizer's. */
    public long headerBytes() {
        return header.tensors().values().stream()
                .mapToLong(GgufTensor::offset)
                .min()
                .orElse(0);
    }

    /** What {@code config.json} would say. */
    public JsonNode config() {
        try (GgufTensors tensors = openTensors()) {
            return new GgufConfig(header.metadata(), tensors).config();
        }
    }

    /** What {@code generation_config.json} would say. */
    public JsonNode generationConfig() {
        try (GgufTensors tensors = openTensors()) {
            return new GgufConfig(header.metadata(), tensors).generationConfig();
        }
    }

    /** What {@code tokenizer.json} would say. */
    public JsonNode tokenizer() {
        return new GgufTokenizer(header.metadata()).json();
    }

    /** What {@code tokenizer_config.json} would say. */
    public JsonNode tokenizerConfig() {
        return new GgufTokenizer(header.metadata()).config();
    }

    /** Writes what a Hugging Face folder holds besides weights. */
    public void writeBesideWeights(Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        json.writeValue(folder.resolve("config.json").toFile(), config());
        json.writeValue(folder.resolve("generation_config.json").toFile(), generationConfig());
        json.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer());
        json.writeValue(folder.resolve("tokenizer_config.json").toFile(), tokenizerConfig());
    }

    private GgufTensors openTensors() {
        Metadata metadata = header.metadata();
        boolean llama = GgufConfig.family(metadata).equals("llama");
        int heads = (int) metadata.requiredInteger(GgufConfig.family(metadata) + ".attention.head_count");
        int keyHeads = (int) metadata.integer(GgufConfig.family(metadata) + ".attention.head_count_kv")
                .orElse(heads);
        Map<String, GgufTensor> named = new LinkedHashMap<>();
        header.tensors().forEach((name, tensor) -> {
            int interleaved = 0;
            if (llama && (TensorNames.isQuery(name) || TensorNames.isKey(name))) {
                interleaved = TensorNames.isQuery(name) ? heads : keyHeads;
                requireHeads(tensor, interleaved);
            }
            String known = TensorNames.huggingFace(name);
            named.put(known, tensor.called(known, interleaved));
        });
        return new GgufTensors(file, named);
    }

    private void requireHeads(GgufTensor tensor, int heads) {
        long rows = tensor.dimensions().get(0);
        if (heads < 1 || rows % (2L * heads) != 0) {
            throw new InvalidModelException("Tensor \"" + tensor.name() + "\" in the GGUF file " + file + " has " + rows
                    + " rows, which are not " + heads + " heads of an even size.");
        }
    }
}
