package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;

/** One container of a pod: starts it, notes how it ended, starts it again, and asks its probes. */
final class ContainerWorker {

    private static final Duration RESETS_BACKOFF = Duration.ofMinutes(10);
    private static final int NOT_STARTED = 128;

    private final NodeRuntime node;
    private final Container container;
    private final PodVolumes volumes;
    private final Runnable changed;
    private final ContainerProbes probes = new ContainerProbes();

    private ContainerProcess process;
    private ContainerState waiting = waiting("ContainerCreating", null);
    /** How the present run ended; null while it runs or before the first. */
    private ContainerState ended;

    private ContainerState endedBefore;
    private int runs;
    private int failuresInARow;

    /** @param changed called on any thread when there is something new to look at */
    ContainerWorker(NodeRuntime node, Container container, PodVolumes volumes, Runnable changed) {
        this.node = node;
        this.container = container;
        this.volumes = volumes;
        this.changed = changed;
    }

    /**
     * Brings the container forward: started if it never was, started again after a back-off if it should be.
     *
     * @param again whether an exit code asks for another run
     * @return when to look again, if time alone changes something
     */
    Optional<Instant> advance(Pod pod, Instant now, IntPredicate again) {
        noteEnd();
        if (process != null && process.isRunning()) {
            return Optional.of(watch(pod, now));
        }
        if (ended != null) {
            if (!again.test(exitCode())) {
                return Optional.empty();
            }
            var finished = Instant.parse(ended.getTerminated().getFinishedAt());
            var start = finished.plus(node.options().delayAfter(failuresInARow - 1));
            if (now.isBefore(start)) {
                if (waiting == null) {
                    waiting =
                            waiting("CrashLoopBackOff", "back-off restarting failed container " + container.getName());
                    node.events()
                            .warning(pod, "BackOff", "Back-off restarting failed container " + container.getName());
                }
                return Optional.of(start);
            }
        }
        return start(pod, now);
    }

    private Optional<Instant> start(Pod pod, Instant now) {
        var image = node.options().images().find(container.getImage());
        if (image.isEmpty()) {
            refuseImage(pod);
            return Optional.empty();
        }
        try {
            volumes.link(container);
            var paths = MountPaths.of(volumes.root(container), container);
            var env = node.environment().variables(pod, container, image.get(), paths);
            run(pod, image.get(), paths, env);
        } catch (MountException e) {
            waiting = waiting("CreateContainerConfigError", e.getMessage());
            node.events().warning(pod, "Failed", "Error: " + e.getMessage());
            return Optional.of(now.plusSeconds(1));
        }
        return Optional.of(now);
    }

    private void run(Pod pod, ImageSpec image, MountPaths paths, Map<String, String> env) {
        var command = ContainerEnvironment.command(container, image, env, paths);
        var directory =
                container.getWorkingDir() == null || container.getWorkingDir().isEmpty()
                        ? image.workingDirectory().orElse(paths.root())
                        : Path.of(paths.rewrite(container.getWorkingDir()));
        endedBefore = ended == null ? endedBefore : ended;
        ended = null;
        waiting = null;
        var log = node.logs().of(pod, container.getName(), runs);
        runs++;
        try {
            lastWords().clear();
            process = ContainerProcess.start(node.children(), command, env, directory, log);
        } catch (IOException e) {
            process = null;
            failuresInARow++;
            ended = terminated(NOT_STARTED, "StartError", e.getMessage(), Instant.now(), Instant.now());
            node.events().warning(pod, "Failed", "Error: " + e.getMessage());
            return;
        }
        process.exited().whenComplete((done, failure) -> changed.run());
        probes.begin(container, process.startedAt(), probe -> probe(pod, probe, env));
        node.events().normal(pod, "Started", "Started container " + container.getName());
    }

    private CompletableFuture<Optional<String>> probe(Pod pod, Probe probe, Map<String, String> env) {
        return node.prober().probe(pod, container, probe, env);
    }

    private void refuseImage(Pod pod) {
        var message = "image \"" + container.getImage() + "\" is not known to the local cluster, which runs commands in"
                + " place of images: give it a command for this name";
        var reason = "Never".equals(container.getImagePullPolicy()) ? "ErrImageNeverPull" : "ImagePullBackOff";
        if (waiting == null || !reason.equals(waiting.getWaiting().getReason())) {
            node.events().warning(pod, "Failed", message);
        }
        waiting = waiting(reason, message);
    }

    private Instant watch(Pod pod, Instant now) {
        var next = probes.run(now, changed);
        if (probes.isDead() && !process.isStopping()) {
            node.events().warning(pod, "Unhealthy", "Probe failed: " + probes.message());
            node.events()
                    .normal(
                            pod,
                            "Killing",
                            "Container " + container.getName() + " failed liveness probe, will be restarted");
            process.stop(now, now.plus(PodWorker.grace(pod)));
        }
        if (process.isStopping()) {
            return process.stop(now, now.plus(PodWorker.grace(pod)));
        }
        return next;
    }

    /**
     * Stops the container, with SIGTERM first and SIGKILL at the deadline.
     *
     * @return when to look again; nothing once it has ended
     */
    Optional<Instant> stop(Instant now, Instant deadline) {
        noteEnd();
        if (process == null || !process.isRunning()) {
            return Optional.empty();
        }
        return Optional.of(process.stop(now, deadline));
    }

    private void noteEnd() {
        if (process == null || process.isRunning() || ended != null) {
            return;
        }
        process.killRest();
        var code = process.exitCode().orElseThrow();
        var longRun =
                Duration.between(process.startedAt(), process.finishedAt()).compareTo(RESETS_BACKOFF) > 0;
        failuresInARow = longRun ? 1 : failuresInARow + 1;
        ended = terminated(
                code,
                code == 0 ? "Completed" : "Error",
                lastWords().read(code, process.log()),
                process.startedAt(),
                process.finishedAt());
        waiting = null;
    }

    private TerminationMessage lastWords() {
        return TerminationMessage.of(volumes.root(container), container);
    }

    private ContainerState terminated(int code, String reason, String message, Instant start, Instant end) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(reason)
                .withMessage(message == null || message.isEmpty() ? null : message)
                .withStartedAt(Timestamps.of(start))
                .withFinishedAt(Timestamps.of(end))
                .withContainerID(id())
                .endTerminated()
                .build();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .build();
    }

    boolean isRunning() {
        return process != null && process.isRunning();
    }

    boolean hasRun() {
        return runs > 0;
    }

    /** Whether it has ended and is not about to be started again. */
    boolean hasEnded() {
        return ended != null;
    }

    int exitCode() {
        return ended.getTerminated().getExitCode();
    }

    boolean isReady() {
        return isRunning() && probes.isReady();
    }

    private String id() {
        return "process://" + (process == null ? "none" : process.pid());
    }

    ContainerStatus status(boolean init) {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID(container.getImage())
                .withContainerID(hasRun() ? id() : null)
                .withRestartCount(Math.max(0, runs - 1))
                .withStarted(isRunning() && probes.isStarted())
                .withReady(init ? ended != null && exitCode() == 0 : isReady())
                .withState(state())
                .withLastState(lastState())
                .build();
    }

    private ContainerState state() {
        if (waiting != null) {
            return waiting;
        }
        if (ended != null) {
            return ended;
        }
        return new ContainerStateBuilder()
                .withNewRunning(Timestamps.of(process.startedAt()))
                .build();
    }

    private ContainerState lastState() {
        var last = waiting != null && ended != null ? ended : endedBefore;
        return last == null ? new ContainerState() : last;
    }
}
