package dev.prompttuning.trainer.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfig;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.manifest.Manifest;
import dev.prompttuning.api.manifest.Manifests;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.training.UserMistakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContestantsTest {
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: NAME}
            spec:
              baseModel: {persistentVolumeClaim: {claimName: MODELS, path: base}}
              method: {promptTuning: {numVirtualTokens: 12}}
              dataset: {train: {configMap: {name: rows, key: rows.jsonl}}, tasks: {names: [one, two]}}
              training: {maxSteps: 5, learningRate: 0.5}
              output: {persistentVolumeClaim: {claimName: adapters}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: rows}
            data: {rows.jsonl: "{}"}
            """;

    @TempDir
    Path folder;

    @Test
    void everyMethodThatCanBeNamedIsAValidJob() {
        List<Contestant> contestants = of(job("mine", "models"), ComparedMethod.values());
        assertEquals(1 + ComparedMethod.values().length, contestants.size());
        assertEquals(
                List.of(
                        "mine",
                        "prompt-tuning",
                        "p-tuning",
                        "p-tuning-lstm",
                        "prefix-tuning",
                        "prefix-projection",
                        "prefix-per-task",
                        "multitask-prompt-tuning",
                        "lora",
                        "prompt-with-lora",
                        "full-fine-tuning"),
                contestants.stream().map(Contestant::name).toList());
        assertEquals(
                List.of(0.5, 0.01, 0.001, 0.001, 0.005, 0.001, 0.005, 0.01, 0.0002, 0.001, 0.00001),
                contestants.stream()
                        .map(contestant -> contestant.config().training().learningRate())
                        .toList(),
                "the job's own rate is for its own method");
        assertTrue(contestants.get(1).text().contains("\"numVirtualTokens\" : 12"), "as many virtual tokens");
        assertEquals(
                folder.resolve("out/lora/adapter").toString(),
                contestants.get(8).config().output().path());
    }

    @Test
    void jobsOfOneGroundStandSideBySide() {
        List<Contestant> contestants = contestants(List.of(job("a", "models"), job("b", "models")), List.of());
        assertEquals(
                List.of("a", "b"), contestants.stream().map(Contestant::name).toList());
    }

    @Test
    void anotherBaseModelCannotBeCompared() {
        assertMistake(
                "The jobs a and b differ in their base model, so their figures could not be compared; give both the same.",
                List.of(job("a", "models"), job("b", "others")));
    }

    @Test
    void aNameStandsForOneJob() {
        assertMistake(
                "Two jobs are named a; rename one, or name each method once.",
                List.of(job("a", "models"), job("a", "models")));
    }

    @Test
    void aFileWithoutAJobIsToldOf() throws IOException {
        Path file = Files.writeString(folder.resolve("empty.yaml"), "kind: ConfigMap\n");
        assertMistake(
                file + " holds no PromptTuningJob; give a file with the job whose methods are compared.",
                List.of(file));
    }

    private void assertMistake(String message, List<Path> files) {
        var mistake = assertThrows(UserMistakeException.class, () -> contestants(files, List.of()));
        assertEquals(message, mistake.getMessage());
    }

    private List<Contestant> of(Path file, ComparedMethod... methods) {
        return contestants(List.of(file), Arrays.asList(methods));
    }

    private List<Contestant> contestants(List<Path> files, List<ComparedMethod> methods) {
        return new Contestants(folder.resolve("out"), named(), ContestantsTest::config).of(files, methods);
    }

    private static TrainConfig config(Path file, Mounts folders) {
        try {
            Manifest.Job job = (Manifest.Job) new Manifests().read(file).get(0);
            assertEquals(List.of(), Problems.of(job.spec()));
            return TrainConfigs.of(job.spec(), job.name(), folders);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Mounts named() {
        return new Mounts() {
            @Override
            public String claim(String claimName) {
                return "/" + claimName;
            }

            @Override
            public String configMap(String name) {
                return "/" + name;
            }
        };
    }

    private Path job(String name, String claim) {
        try {
            return Files.writeString(
                    Files.createTempFile(folder, "job", ".yaml"),
                    JOB.replace("NAME", name).replace("MODELS", claim));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
