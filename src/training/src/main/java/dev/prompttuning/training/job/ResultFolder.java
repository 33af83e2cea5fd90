package dev.prompttuning.training.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.peft.method.Tuning;
import dev.prompttuning.training.checkpoint.AtomicFolder;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.LoadedModel;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a job leaves what it made: an adapter in PEFT's format, or, of full fine-tuning, a model folder; with {@code
 * provenance.json} and the last checkpoint beside it. The folder is whole or absent.
 *
 * @param path the folder
 */
record ResultFolder(Path path) {

    static final String PROVENANCE = "provenance.json";
    private static final String CHECKPOINT = "checkpoint";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where checkpoints are kept until the result is there. */
    Path checkpoints() {
        return path.resolveSibling("." + path.getFileName() + ".checkpoint");
    }

    /** Writes an adapter. */
    void write(Tuning tuning, LoadedModel model, TuningFolder.Origin origin, Provenance provenance) throws IOException {
        AtomicFolder.write(path, folder -> {
            new TuningFolder(folder).write(tuning, model, origin);
            finish(folder, provenance);
        });
        AtomicFolder.delete(checkpoints());
    }

    /**
     * Writes a whole model: the trained weights, and everything else as it was in the base model's folder.
     *
     * @param configChanges fields of {@code config.json} that are others
     */
    void write(LoadedModel model, ModelFolder base, Map<String, Object> configChanges, Provenance provenance)
            throws IOException {
        AtomicFolder.write(path, folder -> {
            base.copyBesideWeights(folder);
            if (!configChanges.isEmpty()) {
                ObjectNode config = base.config().deepCopy();
                configChanges.forEach((name, value) -> config.set(name, JSON.valueToTree(value)));
                Files.writeString(
                        folder.resolve("config.json"),
                        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config));
            }
            SafeTensorsWriter.write(folder.resolve("model.safetensors"), model.weights(), Map.of("format", "pt"));
            finish(folder, provenance);
        });
        AtomicFolder.delete(checkpoints());
    }

    private void finish(Path folder, Provenance provenance) throws IOException {
        Files.writeString(folder.resolve(PROVENANCE), json(provenance));
        if (Files.isDirectory(checkpoints())) {
            copy(checkpoints(), folder.resolve(CHECKPOINT));
        }
    }

    /**
     * Puts the checkpoint of a finished run back where it was, so that the job, started once more, has nothing to do: its result
     * may have been written and yet not been heard of.
     */
    void restoreCheckpoint() throws IOException {
        Path kept = path.resolve(CHECKPOINT);
        if (Files.isDirectory(kept) && !Files.exists(checkpoints())) {
            AtomicFolder.write(checkpoints(), folder -> {
                for (Path step : children(kept)) {
                    copy(step, folder.resolve(step.getFileName()));
                }
            });
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (Path child : children(from)) {
            if (Files.isDirectory(child)) {
                copy(child, to.resolve(child.getFileName()));
            } else {
                Files.copy(child, to.resolve(child.getFileName()));
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static String json(Provenance provenance) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(provenance);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of plain values can always be written", e);
        }
    }

    /** The provenance of what is there now. */
    Optional<Provenance> provenance() {
        Path file = path.resolve(PROVENANCE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), Provenance.class));
        } catch (IOException e) {
            // Not of this release: the job is simply run again.
            return Optional.empty();
        }
    }
}
