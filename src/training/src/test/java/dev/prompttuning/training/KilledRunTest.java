package dev.prompttuning.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.training.checkpoint.CheckpointStore;
import dev.prompttuning.training.progress.TrainingEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills real processes, as a node that goes down does. */
@Timeout(300)
class KilledRunTest {
    private static final int STEPS = 20;
    private static final String KILL = "-KILL";
    private static final String TERMINATE = "-TERM";

    @TempDir
    Path folder;

    /** The process that gets killed. Says when a step is done, and leaves its losses and parameters in a file. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            try (TinyRun run = TinyRun.lstmWithDropout();
                    StopRequest.Watch watch = run.stop.onTermination(60)) {
                TrainingResult result = run.train(
                        TinyRun.settings(STEPS),
                        Optional.empty(),
                        Optional.of(new CheckpointStore(folder.resolve("checkpoints"), 2)),
                        event -> {
                            if (event instanceof TrainingEvent.Stepped step) {
                                System.out.println(step.step());
                                // Whoever reads this on a busy machine has time to kill before the last step.
                                pause(40);
                            }
                        });
                if (result.outcome() == TrainingResult.Outcome.COMPLETED) {
                    String outcome = result.losses() + "\n" + Arrays.toString(run.parameter());
                    Files.writeString(folder.resolve("outcome"), outcome);
                }
            }
        }
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Process start(Path folder) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Dproject.root=" + System.getProperty("project.root"),
                        "-cp",
                        classPath,
                        Child.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The last step that was heard of; the process is sent a signal when it gets to {@code step}. */
    private static int runTo(Path folder, int step, String signal) throws IOException, InterruptedException {
        Process process = start(folder);
        int last = 0;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Integer.parseInt(line);
                if (last == step) {
                    send(signal, process);
                }
            }
        }
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        return last;
    }

    /** By its handle, because Process.destroy() would close the pipe that is being read. */
    private static void send(String signal, Process process) {
        boolean sent = signal.equals(KILL)
                ? process.toHandle().destroyForcibly()
                : process.toHandle().destroy();
        assertTrue(sent, signal);
    }

    private static List<String> outcome(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("outcome"));
    }

    @Test
    void killedAnywhereItEndsTheSame() throws Exception {
        Path undisturbed = Files.createDirectory(folder.resolve("undisturbed"));
        assertEquals(STEPS, runTo(undisturbed, STEPS + 1, KILL));
        Path killed = Files.createDirectory(folder.resolve("killed"));
        Random random = new Random(4);
        int step = 0;
        for (int kill = 0; kill < 3; kill++) {
            step += 1 + random.nextInt(5);
            int last = runTo(killed, step, KILL);
            assertTrue(last >= step && !Files.exists(killed.resolve("outcome")), "killed at " + last);
        }
        runTo(killed, STEPS + 1, KILL);
        assertEquals(outcome(undisturbed), outcome(killed));
    }

    @Test
    void terminatedItSavesAndGoesOn() throws Exception {
        Path terminated = Files.createDirectory(folder.resolve("terminated"));
        int last = runTo(terminated, 6, TERMINATE);
        CheckpointStore store = new CheckpointStore(terminated.resolve("checkpoints"), 2);
        assertTrue(last < STEPS, "ended before its end");
        try (var entries = Files.list(terminated.resolve("checkpoints"))) {
            String newest = entries.map(entry -> entry.getFileName().toString())
                    .max(String::compareTo)
                    .orElseThrow();
            assertEquals(String.format("step-%08d", last), newest);
        }
        assertTrue(store.newest("another").isEmpty());
    }
}
