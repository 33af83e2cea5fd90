package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.peft.adapter.InvalidAdapterException;
import dev.prompttuning.peft.adapter.TuningFolder;
import dev.prompttuning.training.StopRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tasks over the same texts: one always answers yes, the other always no. Only a prompt that knows its task learns both. */
class TaskPromptsJobTest {

    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: two}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models}
              method: METHOD
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                evaluation:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                format: PromptCompletion
                maxLength: 64
                tasks: {column: kind, names: [always-yes, always-no]}
              training: {maxSteps: 100, batchSize: 8, learningRate: 0.3}
              output:
                persistentVolumeClaim: {claimName: out}
            """;

    @TempDir
    Path folder;

    private TrainConfig config(String method) {
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class,
                new Manifests().read(JOB.replace("METHOD", method), "two.yaml").get(0));
        assertEquals(List.of(), Problems.of(job.spec()));
        return TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
    }

    private Surroundings surroundings() {
        String claims = "/mnt/prompttuning/claims/";
        return new Surroundings(
                path -> path.equals(claims + "models") ? MODEL : folder.resolve(path.substring(claims.length())),
                folder,
                URI.create("http://localhost:1"),
                Optional.empty());
    }

    private void rows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            for (String kind : List.of("yes", "no")) {
                rows.append("{\"kind\":\"always-" + kind + "\",\"prompt\":\"Row " + i + ":\",\"completion\":\" " + kind
                        + "\"}\n");
            }
        }
        rows.append("{\"kind\":\"other\",\"prompt\":\"Row:\",\"completion\":\" maybe\"}\n");
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/rows.jsonl"), rows);
    }

    private Map<String, Double> run(String method, List<String> log) throws IOException {
        rows();
        return new TrainingJob(config(method), surroundings(), Device.cpu(), log::add)
                .run(event -> {}, new StopRequest())
                .training()
                .metrics();
    }

    /** Without knowing the task, yes and no are both as likely, which costs log 2 for a token of the two in an answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{multitaskPromptTuning: {numVirtualTokens: 4, rank: 2}}",
                "{promptTuning: {numVirtualTokens: 4}, promptPerTask: true}",
                "{prefixTuning: {numVirtualTokens: 4}, promptPerTask: true}"
            })
    void promptsThatKnowTheirTaskLearnBoth(String method) throws IOException {
        double shared =
                run("{promptTuning: {numVirtualTokens: 4}}", new ArrayList<>()).get("loss");
        double own = run(method, new ArrayList<>()).get("loss");
        assertTrue(own < shared - 0.1, own + " of " + shared);
    }

    @Test
    void eachTaskGetsAFolderOfItsOwn() throws IOException {
        List<String> log = new ArrayList<>();
        String method = "{multitaskPromptTuning: {numVirtualTokens: 4}}";
        Map<String, Double> metrics = run(method, log);
        Path adapter = folder.resolve("out/two");
        for (String task : List.of("always-yes", "always-no")) {
            TuningFolder own = new TuningFolder(adapter.resolve("tasks").resolve(task));
            assertEquals(4, own.promptConfig().orElseThrow().numVirtualTokens());
        }
        assertTrue(log.contains("1 of 25 rows skipped"), log.toString());
        assertTrue(log.get(0).endsWith("\"kind\" is \"other\", which is none of the tasks"), log.toString());
        String message = assertThrows(InvalidAdapterException.class, new TuningFolder(adapter)::promptConfig)
                .getMessage();
        assertTrue(message.endsWith("such as " + adapter.resolve("tasks/always-yes")), message);
        double evaluated = new EvaluationJob(config(method), surroundings(), Device.cpu())
                .run(Optional.of(adapter))
                .loss();
        assertEquals(metrics.get("loss"), evaluated, 1e-5);
    }

    @Test
    void promptsOfTheirOwnAreReadInTheOrderOfTheTasks() throws IOException {
        String method = "{pTuning: {numVirtualTokens: 4}, promptPerTask: true}";
        Map<String, Double> metrics = run(method, new ArrayList<>());
        double evaluated = new EvaluationJob(config(method), surroundings(), Device.cpu())
                .run(Optional.of(folder.resolve("out/two")))
                .loss();
        assertEquals(metrics.get("loss"), evaluated, 1e-5);
    }
}
