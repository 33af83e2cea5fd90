package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.TrainingResult;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Prediction;
import dev.prompttuning.training.progress.TrainingEvent;
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

/** A job that is judged by what the model writes. */
class WrittenMetricsJobTest {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: writer}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models}
              method: {fullFineTuning: {}}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                evaluation:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                format: PromptCompletion
                maxLength: 64
              training:
                maxSteps: 200
                batchSize: 8
                learningRate: 0.01
                evaluation: {metric: METRIC, steps: 10, loadBest: true, maxNewTokens: 32, earlyStopping: {patience: 2}}
              output:
                persistentVolumeClaim: {claimName: out}
            """;

    @TempDir
    Path folder;

    private final List<TrainingEvent.Evaluated> evaluations = new ArrayList<>();

    private TrainConfig config(String metric) {
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class,
                new Manifests()
                        .read(JOB.replace("METRIC", metric), "writer.yaml")
                        .get(0));
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
        for (int i = 0; i < 8; i++) {
            String answer = i % 2 == 0 ? " The small dog barks." : " A quick fox jumps.";
            rows.append("{\"prompt\":\"%s, say:\",\"completion\":\"%s\"}\n"
                    .formatted(i % 2 == 0 ? "Dog " + i : "Well, fox number " + i, answer));
        }
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/rows.jsonl"), rows);
    }

    @Test
    void whatTheModelWritesStopsTheRunAndIsTold() throws IOException {
        rows();
        TrainConfig config = config("Bleu");
        TrainingResult training = new TrainingJob(config, surroundings(), Device.cpu(), line -> {})
                .run(this::note, new StopRequest())
                .training();
        Map<String, Double> metrics = training.metrics();
        assertEquals(100, metrics.get("bleu"), 1e-6);
        assertEquals(1, metrics.get("rougeL"));
        assertEquals(1, metrics.get("exactMatch"));
        assertEquals(TrainingResult.Outcome.STOPPED_EARLY, training.outcome());
        TrainingEvent.Evaluated best = evaluations.get(evaluations.size() - 3);
        assertTrue(best.best());
        assertEquals(100, best.result().metrics().get("bleu"), 1e-6);
        assertEquals(best.step(), training.bestStep());
        assertTrue(evaluations.get(0).result().metrics().get("bleu") < 100, "it had to be learned");

        EvaluationResult alone = new EvaluationJob(config("Loss"), surroundings(), Device.cpu()).run(made(), true);
        assertEquals(metrics.keySet(), alone.metrics().keySet());
        assertEquals(metrics.get("loss"), alone.metrics().get("loss"), 1e-5);
        Prediction.OfText second =
                assertInstanceOf(Prediction.OfText.class, alone.predictions().get(1));
        assertEquals("Well, fox number 1, say:", second.input());
        assertEquals("A quick fox jumps.", second.predicted());
        assertEquals(second.gold(), second.predicted());
        assertTrue(second.confidence() > 0.3 && second.confidence() <= 1, second.toString());
        assertEquals(
                4,
                new EvaluationJob(config("Loss"), surroundings(), Device.cpu())
                        .run(made())
                        .metrics()
                        .size(),
                "answers are not written where nobody asks for them");
    }

    private Optional<Path> made() {
        return Optional.of(folder.resolve("out/writer"));
    }

    private void note(TrainingEvent event) {
        if (event instanceof TrainingEvent.Evaluated evaluated) {
            evaluations.add(evaluated);
        }
    }
}
