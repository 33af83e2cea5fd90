package dev.prompttuning.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trainer compare}, each of its trainings a process. */
class CompareIT {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: own}
            spec:
              baseModel: {persistentVolumeClaim: {claimName: work, path: model}}
              method: {promptTuning: {numVirtualTokens: 4}}
              dataset:
                train: {persistentVolumeClaim: {claimName: data, path: rows.jsonl}}
                evaluation: {persistentVolumeClaim: {claimName: data, path: rows.jsonl}}
                format: PromptCompletion
                maxLength: 64
              training: {maxSteps: 3, batchSize: 2}
              output: {persistentVolumeClaim: {claimName: adapters}}
            """;

    @TempDir
    Path folder;

    @Test
    void comparesAndKeepsWhatIsThere() throws Exception {
        Files.writeString(folder.resolve("job.yaml"), JOB);
        Files.writeString(
                folder.resolve("rows.jsonl"), "{\"prompt\": \"hello\", \"completion\": \" you\"}\n".repeat(4));

        String said = compare();
        assertTrue(said.contains("lora: training"), said);
        String table = Files.readString(folder.resolve("out/comparison.md"));
        List<String> rows =
                table.lines().filter(line -> line.startsWith("| ")).skip(1).toList();
        assertEquals(2, rows.size(), table);
        assertTrue(rows.get(0).startsWith("| own | PromptTuning | 0.01 | 128 |"), table);
        assertTrue(rows.get(1).startsWith("| lora | LoRA | 0.0002 | "), table);
        assertTrue(Files.exists(folder.resolve("out/lora/adapter/adapter_model.safetensors")));
        assertTrue(Files.readString(folder.resolve("out/comparison-loss.svg")).contains("<svg"));
        assertTrue(table.contains("(comparison-evaluations.svg)"), table);

        String again = compare();
        assertTrue(again.contains("own: the result is there already"), again);
        assertFalse(again.contains("lora: training"), again);
        assertEquals(table, Files.readString(folder.resolve("out/comparison.md")));
    }

    private String compare() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        MODULE.resolve("bin/trainer").toString(),
                        "compare",
                        "-f",
                        folder.resolve("job.yaml").toString(),
                        "--method",
                        "lora",
                        "--volume",
                        "work=" + MODULE.resolve("src/test/resources"),
                        "--volume",
                        "data=" + folder,
                        "--out",
                        folder.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it ends by itself");
            assertEquals(0, process.exitValue(), Files.readString(log));
            return Files.readString(log);
        } finally {
            process.destroyForcibly();
        }
    }
}
