package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.peft.pickle.TorchArchive;
import dev.prompttuning.transformers.InvalidModelException;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * PEFT's two files, whatever is in them.
 *
 * @param folder where they are
 */
record AdapterFiles(Path folder) {

    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    private static final String OLD_WEIGHTS = "adapter_model.bin";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes both, as Python would, so that files can be compared byte by byte. */
    void write(Map<String, Object> config, Map<String, NDArray> tensors) throws IOException {
        Files.createDirectories(folder);
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        Files.writeString(folder.resolve(CONFIG), JSON.writer(printer).writeValueAsString(config));
        SafeTensorsWriter.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
    }

    /** The configuration; where it is to be looked for in messages is {@link #configFile()}. */
    JsonNode config() {
        if (!Files.isRegularFile(configFile())) {
            throw new InvalidAdapterException("%s holds no %s, so it is no adapter folder".formatted(folder, CONFIG));
        }
        try {
            return JSON.readTree(configFile().toFile());
        } catch (IOException e) {
            throw new InvalidAdapterException("%s is not valid JSON: %s".formatted(configFile(), e.getMessage()), e);
        }
    }

    Path configFile() {
        return folder.resolve(CONFIG);
    }

    /** All tensors, in single precision, owned by {@code manager}. */
    Map<String, NDArray> tensors(NDManager manager) {
        Path weights = folder.resolve(WEIGHTS);
        if (Files.isRegularFile(weights)) {
            return fromSafeTensors(weights, manager);
        }
        if (Files.isRegularFile(folder.resolve(OLD_WEIGHTS))) {
            return TorchArchive.read(folder.resolve(OLD_WEIGHTS), manager);
        }
        throw new InvalidAdapterException("%s holds neither %s nor %s".formatted(folder, WEIGHTS, OLD_WEIGHTS));
    }

    private static Map<String, NDArray> fromSafeTensors(Path file, NDManager manager) {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            Map<String, NDArray> all = new LinkedHashMap<>();
            tensors.names().forEach(name -> all.put(name, tensors.load(name, manager, true)));
            return all;
        } catch (InvalidModelException e) {
            throw new InvalidAdapterException(e.getMessage(), e);
        }
    }

    /** A list of texts, each once; empty for null. */
    static List<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.elements().forEachRemaining(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }

    /** Those of PEFT's files that are there. */
    List<Path> present() {
        return Stream.of(CONFIG, WEIGHTS, OLD_WEIGHTS)
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .toList();
    }
}
