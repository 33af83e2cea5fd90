package dev.prompttuning.transformers.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prompttuning.transformers.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files hold a model's weights.
 *
 * @param files the safetensors files
 * @param index for shards the index file, else null
 * @param shardOf for shards each tensor's file name
 */
record WeightFiles(List<Path> files, Path index, Map<String, String> shardOf) {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    static WeightFiles of(Path fileOrFolder) {
        if (Files.isRegularFile(fileOrFolder)) {
            return new WeightFiles(List.of(fileOrFolder), null, Map.of());
        }
        if (!Files.isDirectory(fileOrFolder)) {
            throw new InvalidModelException(
                    fileOrFolder + " does not exist; give a safetensors file or a folder that holds one.");
        }
        Path single = fileOrFolder.resolve(SINGLE);
        Path index = fileOrFolder.resolve(INDEX);
        if (Files.isRegularFile(single)) {
            return new WeightFiles(List.of(single), null, Map.of());
        }
        if (Files.isRegularFile(index)) {
            return sharded(fileOrFolder, index);
        }
        String remedy = Files.isRegularFile(fileOrFolder.resolve("pytorch_model.bin"))
                ? "it has only pytorch_model.bin, so use a revision with safetensors or convert it"
                : "a model folder holds " + SINGLE + ", or " + INDEX + " and the shards it names";
        throw new InvalidModelException("There are no safetensors weights in " + fileOrFolder + ": " + remedy + ".");
    }

    private static WeightFiles sharded(Path folder, Path index) {
        Map<String, String> shardOf = new TreeMap<>();
        try {
            JsonNode weightMap =
                    new ObjectMapper().readTree(Files.readString(index)).path("weight_map");
            weightMap
                    .properties()
                    .forEach(e -> shardOf.put(e.getKey(), e.getValue().asText()));
        } catch (IOException e) {
            throw new InvalidModelException(index + " cannot be read as JSON; download it again.", e);
        }
        if (shardOf.isEmpty()) {
            throw new InvalidModelException(index + " has no \"weight_map\"; download it again.");
        }
        List<Path> files =
                new TreeSet<>(shardOf.values()).stream().map(folder::resolve).toList();
        for (Path file : files) {
            // An index names files beside it and nothing else.
            if (!folder.equals(file.getParent())) {
                throw new InvalidModelException(index + " names a shard outside its folder: " + file + ".");
            }
            if (!Files.isRegularFile(file)) {
                throw new InvalidModelException(
                        "The shard " + file.getFileName() + " named by " + index + " is missing; download it as well.");
            }
        }
        return new WeightFiles(files, index, shardOf);
    }

    /** Checks that the shards hold what the index says. */
    void checkIndex(Map<String, TensorInfo> tensors) {
        shardOf.forEach((name, shard) -> {
            TensorInfo tensor = tensors.get(name);
            if (tensor == null || !tensor.file().getFileName().toString().equals(shard)) {
                throw new InvalidModelException(
                        "Tensor \"" + name + "\" is missing in " + shard + ", where " + index + " says it is.");
            }
        });
    }
}
