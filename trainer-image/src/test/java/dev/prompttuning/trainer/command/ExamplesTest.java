package dev.prompttuning.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.job.TrainingJob;
import dev.prompttuning.training.progress.TrainingListener;
import dev.prompttuning.transformers.engine.DeviceChoice;
import dev.prompttuning.transformers.engine.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example trains: two steps, on a tiny model of its base model's family, with a few rows of its own kind. */
class ExamplesTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Path TINY_MODELS = ROOT.resolve("src/training/src/test/resources/golden/models");
    private static final Path ROWS = ROOT.resolve("trainer-image/src/test/resources/examples");
    private static final Map<String, String> FAMILIES = Map.of(
            "HuggingFaceTB/SmolLM2-135M-Instruct", "llama",
            "Qwen/Qwen3-0.6B", "qwen3",
            "Qwen/Qwen2.5-1.5B", "qwen2",
            "bigscience/bloomz-560m", "bloom",
            "FacebookAI/roberta-base", "roberta",
            "google-bert/bert-base-cased", "bert",
            "google/flan-t5-base", "t5");

    @TempDir
    Path folder;

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
            // The quickstart is run as it stands, by ./quickstart.
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("quickstart.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void trains(Path example) throws IOException {
        TrainConfig config = new JobManifest(onTinyModel(example), volumes().mounts()).config();
        var job =
                new TrainingJob(config, ProcessSurroundings.ofMachine(), PyTorch.start(DeviceChoice.AUTO), line -> {});
        TrainingJob.Ended ended = job.run(TrainingListener.all(List.of()), new StopRequest());
        assertEquals(2, ended.training().steps());
        assertTrue(ended.result().isPresent());
        assertTrue(Files.exists(Path.of(config.output().path(), "provenance.json")));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void holdsNoFieldThatIsNone(Path example) throws IOException {
        assertFalse(new Manifests().read(example).isEmpty());
    }

    private Volumes volumes() {
        Volumes volumes = new Volumes();
        volumes.folders = Map.of("tiny", TINY_MODELS, "data", ROWS, "adapters", folder);
        return volumes;
    }

    private Path onTinyModel(Path example) throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(example.toFile())) {
            ObjectNode job = (ObjectNode) documents.next();
            ObjectNode model = job.withObject("/spec/baseModel");
            String repo = model.path("huggingFace").path("repo").asText();
            model.remove(List.of("huggingFace", "cache"));
            model.putObject("persistentVolumeClaim").put("claimName", "tiny").put("path", FAMILIES.get(repo));
            // So many positions the tiny models have, beside the prompt.
            job.withObject("/spec/dataset").put("maxLength", 48);
            ObjectNode training = job.withObject("/spec/training");
            training.remove("epochs");
            training.put("maxSteps", 2);
            return Files.writeString(folder.resolve("job.yaml"), job.toPrettyString());
        }
    }
}
