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
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.UserMistakeException;
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

/** Conversations whose every answer is yes but for the last, which is no. */
class ConversationJobTest {

    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: chats}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models}
              method: {fullFineTuning: {}}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                evaluation:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                maxLength: 64
                DATASET
              training: {maxSteps: 30, batchSize: 4, learningRate: 0.01}
              output:
                persistentVolumeClaim: {claimName: out}
            """;

    @TempDir
    Path folder;

    private TrainConfig config(String dataset) {
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class,
                new Manifests()
                        .read(JOB.replace("DATASET", dataset), "chats.yaml")
                        .get(0));
        assertEquals(List.of(), Problems.of(job.spec()));
        return TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
    }

    private Map<String, Double> run(String dataset, String row, List<String> log) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.write(
                folder.resolve("data/rows.jsonl"),
                List.of(row, row.replace("one", "two"), row.replace("one", "three"), row.replace("one", "four"), "{}"));
        String claims = "/mnt/prompttuning/claims/";
        Surroundings surroundings = new Surroundings(
                path -> path.equals(claims + "models") ? MODEL : folder.resolve(path.substring(claims.length())),
                folder,
                URI.create("http://localhost:1"),
                Optional.empty());
        return new TrainingJob(config(dataset), surroundings, Device.cpu(), log::add)
                .run(event -> {}, new StopRequest())
                .training()
                .metrics();
    }

    private static final String MESSAGES = "{\"messages\":[{\"role\":\"user\",\"content\":\"one?\"},"
            + "{\"role\":\"assistant\",\"content\":\"yes\"},{\"role\":\"user\",\"content\":\"really?\"},"
            + "{\"role\":\"assistant\",\"content\":\"no\"}]}";

    @Test
    void answersAreLearnedWithTheBaseModelsTemplate() throws IOException {
        List<String> log = new ArrayList<>();
        Map<String, Double> metrics = run("format: Messages", MESSAGES, log);
        assertEquals("rows.jsonl:5: there is no \"messages\"", log.get(0));
        assertTrue(metrics.get("loss") < 0.3, metrics.toString());
    }

    @Test
    void onlyTheLastAnswerIsLearnedWithATemplateOfTheJob() throws IOException {
        String dataset = "format: ShareGPT\n    maskHistory: true\n    chatTemplate: \""
                + "{% for m in messages %}{{ m.role }}: {{ m.content }} {% endfor %}\"";
        String row = "{\"conversations\":[{\"from\":\"human\",\"value\":\"one?\"},"
                + "{\"from\":\"gpt\",\"value\":\"yes\"},{\"from\":\"human\",\"value\":\"really?\"},"
                + "{\"from\":\"gpt\",\"value\":\"no\"}]}";
        Map<String, Double> metrics = run(dataset, row, new ArrayList<>());
        assertTrue(metrics.get("loss") < 0.3, metrics.toString());
        assertEquals(1, metrics.get("exactMatch"));
    }

    @Test
    void aTemplateThatCannotBeReadIsAMistakeWithItsPlace() {
        String message = assertThrows(
                        UserMistakeException.class,
                        () -> run(
                                "format: Messages\n    chatTemplate: '{% for m in messages %}'",
                                MESSAGES, new ArrayList<>()))
                .getMessage();
        assertTrue(message.startsWith("dataset.chatTemplate cannot be used: chat template, line 1, column "), message);
    }
}
