package dev.prompttuning.training.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.peft.causal.CausalTuning;
import dev.prompttuning.training.StopRequest;
import dev.prompttuning.training.batch.LanePlanner;
import dev.prompttuning.training.data.EncodedRow;
import dev.prompttuning.training.metric.EvaluationResult;
import dev.prompttuning.training.metric.Prediction;
import dev.prompttuning.transformers.folder.ModelFolder;
import dev.prompttuning.transformers.model.CausalLM;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A causal model that tells dogs from foxes by words, asked in two ways. */
class VerbalizedJobTest {
    private static final Path MODEL =
            Path.of(System.getProperty("project.root"), "src/training/src/test/resources/golden/models/qwen2");
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: words}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: models}
              labels: [bad, good]
              method: {fullFineTuning: {}}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: data, path: rows.csv}
                evaluation:
                  persistentVolumeClaim: {claimName: data, path: rows.csv}
                format: Labeled
                templates: ["{text} the {label}.", "film {text}"]
                verbalizers: {bad: [lazy, over], good: [quick]}
                maxLength: 64
              training: {maxSteps: 60, batchSize: 8, learningRate: 0.01, evaluation: {metric: MacroF1, steps: 20, loadBest: true}}
              output:
                persistentVolumeClaim: {claimName: out}
            """;

    @TempDir
    Path folder;

    private Surroundings surroundings() {
        String claims = "/mnt/prompttuning/claims/";
        return new Surroundings(
                path -> path.equals(claims + "models") ? MODEL : folder.resolve(path.substring(claims.length())),
                folder,
                URI.create("http://localhost:1"),
                Optional.empty());
    }

    private static TrainConfig config() {
        Manifest.Job job = assertInstanceOf(
                Manifest.Job.class, new Manifests().read(JOB, "words.yaml").get(0));
        assertEquals(List.of(), Problems.of(job.spec()));
        return TrainConfigs.of(job.spec(), job.name(), Mounts.inPod());
    }

    @Test
    void learnsTheWordsAndVotes() throws IOException {
        List<String> rows = new ArrayList<>(List.of("text,label"));
        String[] words = {"the", "film", "brown", "jumps", "lazy"};
        for (int i = 0; i < 20; i++) {
            rows.add("%s %s,%s".formatted(words[i % 5], i % 2 == 0 ? "dog" : "fox", i % 2 == 0 ? "bad" : "good"));
        }
        Files.write(Files.createDirectories(folder.resolve("data")).resolve("rows.csv"), rows);
        TrainingJob.Ended ended =
                new TrainingJob(config(), surroundings(), Device.cpu(), line -> {}).run(event -> {}, new StopRequest());
        double accuracy = ended.training().metrics().get("accuracy");
        assertTrue(accuracy > 0.9, ended.training().metrics().toString());

        EvaluationJob evaluation = new EvaluationJob(config(), surroundings(), Device.cpu());
        EvaluationResult tuned = evaluation.run(Optional.of(folder.resolve("out/words")));
        assertEquals(accuracy, tuned.metrics().get("accuracy"), 1e-9);
        assertEquals(20, tuned.predictions().size());
        Prediction.OfText first =
                assertInstanceOf(Prediction.OfText.class, tuned.predictions().get(0));
        assertEquals("the dog the", first.input());
        assertEquals("bad", first.gold());
        assertTrue(first.confidence() > 0.5 && first.confidence() <= 1, first.toString());
        EvaluationResult base = evaluation.run(Optional.empty());
        assertTrue(base.loss() > tuned.loss(), base.metrics() + " without, " + tuned.metrics() + " when tuned");
    }

    /** What a lane's log-likelihood is, the loss of that row alone is too. */
    @Test
    void likelihoodsAreThoseOfEachRowAlone() {
        List<EncodedRow> rows = List.of(
                new EncodedRow(new int[] {5, 9, 7, 3}, 2, 2, EncodedRow.Cut.NOTHING),
                new EncodedRow(new int[] {8, 6, 4, 11, 12, 13}, 3, 3, EncodedRow.Cut.NOTHING),
                new EncodedRow(new int[] {5, 9}, 1, 1, EncodedRow.Cut.NOTHING));
        try (ModelFolder model = ModelFolder.open(MODEL);
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                CausalLM base = LoadedModels.forEvaluation(model, manager, config());
                CausalTuning tuning = CausalTuning.untuned(base)) {
            LanePlanner planner = LanePlanner.forHiddenSize(0, base.config().hiddenSize());
            double[] together = tuning.logLikelihoods(planner.padded(rows));
            for (int row = 0; row < rows.size(); row++) {
                double alone = -tuning.evaluate(planner.plan(List.of(rows.get(row))))
                        .loss()
                        .sum();
                assertEquals(alone, together[row], 1e-4);
            }
        }
    }
}
