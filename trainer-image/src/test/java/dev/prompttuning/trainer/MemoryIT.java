package dev.prompttuning.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.prompttuning.transformers.memory.ModelMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in a pod that has too little memory ends with code 3 and says so in the pod's status. */
class MemoryIT {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final long GIB = 1L << 30;
    private static final int HIDDEN_SIZE = 32;

    /** Stands for the pod's root. */
    @TempDir
    Path pod;

    private String heap = "256m";

    @BeforeEach
    void mount() throws IOException {
        Files.createDirectories(pod.resolve("dev"));
        row("a good day");
        Files.writeString(
                pod.resolve("train.json"),
                """
                {"name":"a","baseModel":{"name":"m","path":"/model","dtype":"Auto"},
                 "method":{"type":"PromptTuning","numVirtualTokens":4,"init":"Random"},
                 "dataset":{"train":{"name":"d","path":"/rows.jsonl"},"format":"Text","columns":{},"maxLength":64,"trainOnPrompt":true},
                 "training":{"maxSteps":1,"batchSize":2,"gradientAccumulationSteps":1,"learningRate":0.1,"warmupSteps":0,
                  "scheduler":"Linear","weightDecay":0,"maxGradNorm":1,"precision":"Auto","gradientCheckpointing":false,
                  "seed":1,"loggingSteps":1,"metric":"Loss","loadBest":true,"minDelta":0,"maxNewTokens":8,
                  "checkpointSteps":10,"checkpointKeep":1},
                 "output":{"adapterName":"a","path":"/out"},"port":8080}""");
    }

    /** A runtime would be killed before it could say so. */
    @Test
    void refusesAPodThatDoesNotHoldTheProgram() throws Exception {
        Path limit = Files.createDirectories(pod.resolve("sys/fs/cgroup")).resolve("memory.max");
        Files.writeString(limit, (100L << 20) + "\n");
        assertEndsWith3("There are 100 MiB of memory, but the program alone needs " + (ModelMemory.PROGRAM >> 20)
                + " MiB; raise spec\\.pod\\.resources\\.limits\\.memory\\.\n");
    }

    @Test
    void refusesAModelThatCannotFit() throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        model(system.getTotalMemorySize() + GIB);
        assertEndsWith3("There are .* MiB of memory, but this training needs about .*;"
                + " raise spec\\.pod\\.resources\\.limits\\.memory, or set baseModel\\.quantization to Int8\\.");
    }

    /** Address space runs out where a container's memory would: the allocation fails and PyTorch says so. */
    @Test
    void reportsWhatPyTorchCannotAllocate() throws Exception {
        model(3 * GIB);
        assertEndsWith3("Out of memory; .*", "sh", "-c", "ulimit -v 3000000; exec \"$0\" \"$@\"");
    }

    @Test
    void reportsThatTheHeapIsFull() throws Exception {
        row("a good day ".repeat(4_000_000));
        model(GIB / 8);
        heap = "40m";
        assertEndsWith3("Out of memory for Java objects; set TRAINER_HEAP .*");
    }

    private void assertEndsWith3(String sentence, String... before) throws Exception {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(MODULE.resolve("bin/trainer").toString(), "train", "--config", "/train.json"));
        Path log = pod.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("POD_ROOT", pod.toString());
        builder.environment().put("PORT_8080", "0");
        builder.environment().put("TRAINER_HEAP", heap);
        builder.environment().put("JAVA_OPTIONS", "-XX:CompressedClassSpaceSize=64m -XX:ReservedCodeCacheSize=64m");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it ends by itself");
            assertEquals(3, process.exitValue(), Files.readString(log));
            String said = Files.readString(pod.resolve("dev/termination-log"));
            assertTrue(said.matches(sentence), said);
            assertTrue(!Files.readString(log).contains("\tat "), "no stack trace");
        } finally {
            process.destroyForcibly();
        }
    }

    private void row(String text) throws IOException {
        Files.writeString(pod.resolve("rows.jsonl"), "{\"text\":\"%s\"}\n".formatted(text));
    }

    /** A model in half precision whose one tensor takes so many bytes once it is widened, in a file that is nothing but a hole. */
    private void model(long bytes) throws IOException {
        Path from = MODULE.resolve("src/test/resources/model");
        Path model = Files.createDirectories(pod.resolve("model"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(from.resolve(file), model.resolve(file));
        }
        long vocabulary = bytes / Float.BYTES / HIDDEN_SIZE;
        String config = Files.readString(from.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"),
                config.replaceFirst("\"vocab_size\": \\d+", "\"vocab_size\": " + vocabulary));
        long stored = vocabulary * HIDDEN_SIZE * Short.BYTES;
        byte[] header = "{\"model.embed_tokens.weight\":{\"dtype\":\"BF16\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                .formatted(vocabulary, HIDDEN_SIZE, stored)
                .getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            file.write(header);
            file.setLength(Long.BYTES + header.length + stored);
        }
    }
}
