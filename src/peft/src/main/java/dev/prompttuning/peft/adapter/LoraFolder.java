package dev.prompttuning.peft.adapter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.prompttuning.peft.method.Lora;
import dev.prompttuning.peft.method.Parameters;
import dev.prompttuning.transformers.model.LinearMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An adapter folder that holds LoRA.
 *
 * @param path the folder
 */
public record LoraFolder(Path path) {

    /** Writes PEFT's two files, of which stock PEFT reads both. */
    public void write(LoraConfig config, Lora lora) throws IOException {
        write(config, lora, Map.of());
    }

    /** As {@link #write(LoraConfig, Lora)}, with the tensors of a head by their names in the file. */
    public void write(LoraConfig config, Lora lora, Map<String, NDArray> head) throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>(lora.saved());
        tensors.putAll(head);
        files().write(config.toJson(), tensors);
    }

    private AdapterFiles files() {
        return new AdapterFiles(path);
    }

    /**
     * Reads the configuration alone.
     *
     * @throws InvalidAdapterException when the folder holds none, or one that is not supported
     */
    public LoraConfig config() {
        return LoraConfig.of(files().config(), files().configFile().toString());
    }

    /**
     * Reads the additions, which are frozen, and checks that they fit a model.
     *
     * @param maps the model's linear maps
     * @param manager owner of the tensors
     * @throws InvalidAdapterException when they are unreadable or were made for another model
     */
    public Lora read(List<LinearMap> maps, NDManager manager) {
        return read(maps, Set.of(), manager);
    }

    /**
     * As {@link #read(List, NDManager)}.
     *
     * @param besides names of tensors of a head, which are left alone
     */
    Lora read(List<LinearMap> maps, Set<String> besides, NDManager manager) {
        LoraConfig config = config();
        Map<String, NDArray> found = files().tensors(manager);
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        Set<String> left = new HashSet<>(found.keySet());
        left.removeAll(besides);
        for (LinearMap map : maps) {
            String a = saved(Lora.nameOfA(map.name()));
            String b = saved(Lora.nameOfB(map.name()));
            if (found.containsKey(a) && found.containsKey(b)) {
                long rank = found.get(a).getShape().get(0);
                check(a, found.get(a), new Shape(rank, map.in()));
                check(b, found.get(b), new Shape(map.out(), rank));
                parameters.put(Lora.nameOfA(map.name()), found.get(a));
                parameters.put(Lora.nameOfB(map.name()), found.get(b));
                left.removeAll(Set.of(a, b));
            }
        }
        if (parameters.isEmpty() || !left.isEmpty()) {
            String which = left.isEmpty()
                    ? "it holds no tensors"
                    : "it has a tensor " + left.iterator().next();
            throw new InvalidAdapterException(
                    "%s was made for another base model: %s, for which this model has no linear layer"
                            .formatted(path, which));
        }
        return new Lora(new Parameters(parameters), config.settings());
    }

    private void check(String name, NDArray tensor, Shape expected) {
        if (!tensor.getShape().equals(expected)) {
            throw new InvalidAdapterException(
                    "%s was made for another base model: its tensor %s has shape %s, but this model needs %s"
                            .formatted(path, name, tensor.getShape(), expected));
        }
    }

    private static String saved(String parameter) {
        return parameter.replace(".default.weight", ".weight");
    }
}
