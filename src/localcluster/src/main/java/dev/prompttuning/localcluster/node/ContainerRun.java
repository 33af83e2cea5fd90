package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One run of a container, from the start of its process until nothing is left of it. */
final class ContainerRun {

    private final Process process;
    private final ContainerProbes probes;
    private final PodFolder folder;
    private final String startedAt = Timestamps.of(Instant.now());
    private List<ProcessHandle> family = List.of();
    private Instant killAt;
    /** How it ended; null while it runs. */
    private ContainerStateTerminated end;

    ContainerRun(Process process, ContainerProbes probes, PodFolder folder) {
        this.process = process;
        this.probes = probes;
        this.folder = folder;
    }

    /** Asks the probes, or notes the end. */
    void advance(Instant now) throws IOException {
        if (isRunning()) {
            probes.advance(now);
        } else if (end == null) {
            // What a stopped container leaves behind would in a container end with its first process.
            family.forEach(ProcessHandle::destroyForcibly);
            // As a shell counts: 128 plus the signal for a killed process.
            var code = process.exitValue();
            var reason = code == 0 ? "Completed" : "Error";
            var message = folder.terminationMessage();
            end = new ContainerStateTerminated(null, code, Timestamps.of(now), message, reason, null, startedAt);
        }
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

    /** Kills the process and all it started, and waits for its end. */
    void kill() {
        ChildProcesses.kill(process);
        process.onExit().join();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    boolean isReady() {
        return isRunning() && probes.isReady();
    }

    /** Whether its probes want it stopped. */
    boolean isDead() {
        return isRunning() && probes.isDead();
    }

    boolean hasEnded() {
        return end != null;
    }

    boolean hasSucceeded() {
        return end != null && end.getExitCode() == 0;
    }

    ContainerState state() {
        var running = end == null ? new ContainerStateRunning(startedAt) : null;
        return new ContainerState(running, end, null);
    }
}
