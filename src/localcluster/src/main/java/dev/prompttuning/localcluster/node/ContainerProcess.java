package dev.prompttuning.localcluster.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One run of a container. */
final class ContainerProcess {

    private final Process process;
    private final Instant startedAt = Instant.now();
    private List<ProcessHandle> family = List.of();
    private Instant killAt;

    ContainerProcess(Process process) {
        this.process = process;
    }

    CompletableFuture<?> onExit() {
        return process.onExit();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** As a shell counts: 128 plus the signal for a killed process. */
    int exitCode() {
        return process.exitValue();
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Asks the process to end, and kills it when it has had its time. To be called again until it has ended. */
    void stop(Instant now, Duration grace) {
        var deadline = now.plus(grace);
        if (killAt == null) {
            family = process.descendants().toList();
            process.destroy();
            killAt = deadline;
        }
        killAt = deadline.isBefore(killAt) ? deadline : killAt;
        if (!now.isBefore(killAt)) {
            ChildProcesses.kill(process);
        }
    }

    /** Kills what a stopped container has left behind, as the end of its first process would in a container. */
    void killRest() {
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
