package dev.prompttuning.localcluster.node;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One run of a container. Not thread-safe but for {@link #exited}. */
final class ContainerProcess {

    private static final long LOG_SECONDS = 2;

    private final Process process;
    private final ContainerLog log;
    private final Instant startedAt = Instant.now();
    private final CompletableFuture<Instant> finishedAt;
    private List<ProcessHandle> family = List.of();
    private Instant killAt;

    private ContainerProcess(Process process, ContainerLog log) {
        this.process = process;
        this.log = log;
        var copied = log.copy(process.getInputStream());
        // A process the container left behind may hold its output open: the log is not waited for longer than this.
        this.finishedAt = process.onExit().thenCompose(ended -> {
            var now = Instant.now();
            return copied.handle((done, failure) -> now).completeOnTimeout(now, LOG_SECONDS, TimeUnit.SECONDS);
        });
    }

    static ContainerProcess start(
            ChildProcesses children, List<String> command, Map<String, String> env, Path directory, ContainerLog log)
            throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(env);
        return new ContainerProcess(children.start(builder), log);
    }

    /** Completes when the process has ended and its log is written. */
    CompletableFuture<?> exited() {
        return finishedAt;
    }

    boolean isRunning() {
        return !finishedAt.isDone();
    }

    /** As a shell counts: 128 plus the signal for a killed process. Empty while it runs. */
    OptionalInt exitCode() {
        return isRunning() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    long pid() {
        return process.pid();
    }

    Instant startedAt() {
        return startedAt;
    }

    Instant finishedAt() {
        return finishedAt.join();
    }

    ContainerLog log() {
        return log;
    }

    /**
     * Asks the process to end, and kills it with all its children when that time has come.
     *
     * @return when to call again
     */
    Instant stop(Instant now, Instant deadline) {
        if (killAt == null) {
            family = process.descendants().toList();
            process.destroy();
            killAt = deadline;
        } else if (deadline.isBefore(killAt)) {
            killAt = deadline;
        }
        if (!now.isBefore(killAt)) {
            kill();
            return now.plusSeconds(1);
        }
        return killAt;
    }

    boolean isStopping() {
        return killAt != null;
    }

    void kill() {
        ChildProcesses.kill(process);
    }

    /** Kills what a stopped container has left behind, as the end of its first process would in a container. */
    void killRest() {
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
