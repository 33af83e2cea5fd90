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
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.progress.TrainingEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job ends with the same adapter, bit for bit, whether its rows are in memory or in a file. */
class StreamingJobTest {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: rows}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models}
              method: {pTuning: {numVirtualTokens: 3, encoder: {dropout: 0.1}}}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.jsonl}
                evaluationSplit: 0.2
                format: PromptCompletion
                maxLength: 48
                streaming: STREAMING
              training: {epochs: 2, batchSize: 3, evaluation: {steps: 5}, checkpoint: {steps: 4}}
              output:
                persistentVolumeClaim: {claimName: OUT}
            """;

    @TempDir
    Path folder;

    private TrainingJob.Ended run(boolean streaming, String out, int stopAfter) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data")).resolve("rows.jsonl");
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 31; row++) {
            rows.add("{\"prompt\":\"%s\",\"completion\":\" no %d\"}".formatted("yes ".repeat(1 + row * 5 % 7), row));
        }
        Files.write(data, rows);
        String text = JOB.replace("STREAMING", String.valueOf(streaming)).replace("OUT", out);
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(text, "rows.yaml").get(0));
        TrainConfig config = TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
        String claims = "/mnt/prompttuning/claims/";
        Surroundings surroundings = new Surroundings(
                path -> path.equals(claims + "models") ? MODEL : folder.resolve(path.substring(claims.length())),
                folder.resolve("scratch"),
                URI.create("http://localhost:1"),
                Optional.empty());
        StopRequest stop = new StopRequest();
        return new TrainingJob(config, surroundings, Device.cpu(), line -> {})
                .run(
                        event -> {
                            if (event instanceof TrainingEvent.Stepped step && step.step() == stopAfter) {
                                stop.request();
                            }
                        },
                        stop);
    }

    @Test
    void endsTheSame() throws IOException {
        TrainingJob.Ended memory = run(false, "memory", -1);
        TrainingJob.Ended streamed = run(true, "streamed", -1);
        assertEquals(memory.training().losses(), streamed.training().losses());
        assertEquals(memory.training().metrics(), streamed.training().metrics());
        String digest = memory.result().orElseThrow().digest();
        assertEquals(digest, streamed.result().orElseThrow().digest());

        assertTrue(run(true, "resumed", 6).result().isEmpty(), "it was stopped");
        assertEquals(digest, run(true, "resumed", -1).result().orElseThrow().digest());
    }
}
