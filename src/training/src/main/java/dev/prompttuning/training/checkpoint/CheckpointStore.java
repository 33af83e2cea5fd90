package dev.prompttuning.training.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.training.StepMetrics;
import dev.prompttuning.training.optimizer.LossScale;
import dev.prompttuning.transformers.safetensors.SafeTensors;
import dev.prompttuning.transformers.safetensors.SafeTensorsWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints as sub-folders {@code step-00000042} of one folder, of which the newest are kept. A checkpoint appears by a rename,
 * after its files are on the disk: killing the process at any moment leaves the last one whole.
 */
public final class CheckpointStore {
    private static final Pattern NAME = Pattern.compile("step-\\d{8,}");
    private static final String TENSORS = "tensors.safetensors";
    private static final String STATE = "state.json";
    private static final int VERSION = 1;

    private final Path folder;
    private final int keep;

    /** @param keep how many of the newest checkpoints stay */
    public CheckpointStore(Path folder, int keep) {
        this.folder = folder;
        this.keep = Math.max(1, keep);
    }

    public Path save(TrainingState state, Map<String, NDArray> tensors) throws IOException {
        Path target = folder.resolve(String.format("step-%08d", state.step()));
        AtomicFolder.write(target, filling -> {
            SafeTensorsWriter.write(filling.resolve(TENSORS), tensors, Map.of());
            write(filling.resolve(STATE), json(state));
        });
        List<Path> all = newestFirst();
        for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
            AtomicFolder.delete(old);
        }
        return target;
    }

    /** The newest checkpoint with this fingerprint; those of other runs are deleted. */
    public Optional<Checkpoint> newest(String fingerprint) throws IOException {
        Optional<Checkpoint> found = Optional.empty();
        for (Path checkpoint : newestFirst()) {
            TrainingState state = state(checkpoint);
            if (!state.fingerprint().equals(fingerprint)) {
                AtomicFolder.delete(checkpoint);
            } else if (found.isEmpty()) {
                found = Optional.of(new Checkpoint(checkpoint, state));
            }
        }
        return found;
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry ->
                            NAME.matcher(entry.getFileName().toString()).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /** A checkpoint on the disk. */
    public record Checkpoint(Path folder, TrainingState state) {

        /** Its tensors, owned by {@code manager}. */
        public Map<String, NDArray> tensors(NDManager manager) {
            try (SafeTensors file = SafeTensors.open(folder.resolve(TENSORS))) {
                Map<String, NDArray> tensors = new LinkedHashMap<>();
                file.names().forEach(name -> tensors.put(name, file.load(name, manager, true)));
                return tensors;
            }
        }
    }

    private static ObjectNode json(TrainingState state) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("version", VERSION);
        json.put("fingerprint", state.fingerprint());
        json.put("step", state.step());
        json.put("tokens", state.tokens());
        state.best()
                .ifPresent(
                        best -> json.putObject("best").put("step", best.step()).put("metric", best.metric()));
        json.put("evaluationsWithoutGain", state.evaluationsWithoutGain());
        json.put("stoppedEarly", state.stoppedEarly());
        if (state.lossScale() != null) {
            json.putObject("lossScale")
                    .put("factor", state.lossScale().factor())
                    .put("goodSteps", state.lossScale().goodSteps());
        }
        ArrayNode losses = json.putArray("losses");
        state.losses().forEach(losses::add);
        ArrayNode evaluations = json.putArray("evaluations");
        for (StepMetrics evaluation : state.evaluations()) {
            ObjectNode metrics =
                    evaluations.addObject().put("step", evaluation.step()).putObject("metrics");
            evaluation.metrics().forEach(metrics::put);
        }
        return json;
    }

    private static TrainingState state(Path checkpoint) throws IOException {
        JsonNode json = new ObjectMapper().readTree(checkpoint.resolve(STATE).toFile());
        if (json.path("version").asInt() != VERSION) {
            return TrainingState.start("written by another version");
        }
        List<Double> losses = new ArrayList<>();
        json.path("losses").forEach(loss -> losses.add(loss.asDouble()));
        Optional<TrainingState.Best> best = Optional.of(json.path("best"))
                .filter(JsonNode::isObject)
                .map(node -> new TrainingState.Best(
                        node.path("step").asInt(), node.path("metric").asDouble()));
        return new TrainingState(
                json.path("fingerprint").asText(),
                json.path("step").asInt(),
                losses,
                json.path("tokens").asLong(),
                best,
                json.path("evaluationsWithoutGain").asInt(),
                json.path("stoppedEarly").asBoolean(),
                evaluations(json.path("evaluations")),
                lossScale(json.path("lossScale")));
    }

    private static List<StepMetrics> evaluations(JsonNode array) {
        List<StepMetrics> evaluations = new ArrayList<>();
        for (JsonNode evaluation : array) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            evaluation
                    .path("metrics")
                    .properties()
                    .forEach(metric ->
                            metrics.put(metric.getKey(), metric.getValue().asDouble()));
            evaluations.add(new StepMetrics(evaluation.path("step").asInt(), metrics));
        }
        return evaluations;
    }

    private static LossScale.State lossScale(JsonNode json) {
        return json.isObject()
                ? new LossScale.State(
                        json.path("factor").asDouble(), json.path("goodSteps").asInt())
                : null;
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        Files.write(file, json.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
