package dev.prompttuning.localcluster.node;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/** The container of a pod: starts it, asks its probes, notes how it ended, and starts it again. */
final class ContainerWorker {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final NodeRuntime node;
    /** As it was bound; what changes later is no matter of its container. */
    private final Pod pod;

    private final Container container;
    private final PodFolder folder;
    private ContainerProcess process;
    private ContainerProbes probes;
    private int runs;
    /** Why it is not started; null once it is. */
    private ContainerState waiting = waiting("ContainerCreating", null);
    /** How the last run ended; null while it runs or before the first. */
    private ContainerState ended;

    private ContainerState endedBefore = new ContainerState();
    /** When to try again what was refused, and to look again at what is mounted. */
    private Instant next = Instant.MIN;

    ContainerWorker(NodeRuntime node, Pod pod, PodFolder folder) {
        this.node = node;
        this.pod = pod;
        this.container = pod.getSpec().getContainers().get(0);
        this.folder = folder;
    }

    /** Brings the container forward: started if it never was, started again after a back-off if it should be. */
    void advance(Instant now) throws IOException {
        noteEnd(now);
        if (isRunning()) {
            watch(now);
        } else if (mayStart(now)) {
            start(now);
        }
    }

    private void noteEnd(Instant now) throws IOException {
        if (process == null || isRunning() || ended != null) {
            return;
        }
        process.killRest();
        var code = process.exitCode();
        ended = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(code == 0 ? "Completed" : "Error")
                .withMessage(folder.terminationMessage())
                .withStartedAt(Timestamps.of(process.startedAt()))
                .withFinishedAt(Timestamps.of(now))
                .endTerminated()
                .build();
        next = now.plus(node.options().delayAfter(runs - 1));
    }

    private void watch(Instant now) throws IOException {
        probes.advance(now);
        if (probes.isDead()) {
            var grace = pod.getSpec().getTerminationGracePeriodSeconds();
            process.stop(now, Duration.ofSeconds(requireNonNullElse(grace, 30L)));
        }
        if (!now.isBefore(next)) {
            next = now.plus(PATIENCE);
            folder.update();
        }
    }

    private boolean mayStart(Instant now) {
        if (hasEnded()) {
            return false;
        }
        if (ended != null && now.isBefore(next)) {
            waiting = waiting("CrashLoopBackOff", "back-off restarting failed container " + container.getName());
        }
        return !now.isBefore(next);
    }

    private void start(Instant now) {
        next = now.plus(PATIENCE);
        var image = node.options().images().get(container.getImage());
        if (image == null) {
            waiting = waiting(
                    "ImagePullBackOff",
                    "image \"" + container.getImage()
                            + "\" is not known to the local cluster, which runs commands in place of images");
            return;
        }
        try {
            Restrictions.check(pod);
            folder.setUp();
            probes = new ContainerProbes(pod, node.http(), now);
            run(new ContainerCommand(pod, image, folder.paths(), node.client()));
        } catch (ContainerConfigException e) {
            waiting = waiting("CreateContainerConfigError", e.getMessage());
        } catch (IOException e) {
            waiting = waiting("RunContainerError", e.getMessage());
        }
    }

    private void run(ContainerCommand command) throws IOException {
        var log = node.logs().file(pod.getMetadata().getUid(), runs);
        Files.createDirectories(log.getParent());
        process = new ContainerProcess(node.children().start(command.process().redirectOutput(log.toFile())));
        node.logs().open(log, process.onExit());
        runs++;
        endedBefore = ended == null ? endedBefore : ended;
        ended = null;
        waiting = null;
    }

    /** Stops the container, with SIGTERM first and SIGKILL after the grace. To be called again until it has ended. */
    void stop(Instant now, Duration grace) throws IOException {
        noteEnd(now);
        if (isRunning()) {
            process.stop(now, grace);
        }
    }

    boolean isRunning() {
        return process != null && process.isRunning();
    }

    boolean hasRun() {
        return runs > 0;
    }

    /** Whether it has ended for good. */
    boolean hasEnded() {
        var policy = pod.getSpec().getRestartPolicy();
        return ended != null && ("Never".equals(policy) || "OnFailure".equals(policy) && hasSucceeded());
    }

    boolean hasSucceeded() {
        return ended != null && ended.getTerminated().getExitCode() == 0;
    }

    boolean isReady() {
        return isRunning() && probes.isReady();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerState(null, null, new ContainerStateWaiting(message, reason));
    }

    ContainerStatus status() {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withRestartCount(Math.max(0, runs - 1))
                .withReady(isReady())
                .withState(state())
                .withLastState(waiting != null && ended != null ? ended : endedBefore)
                .build();
    }

    private ContainerState state() {
        if (waiting != null) {
            return waiting;
        }
        var running = new ContainerStateRunning(Timestamps.of(process.startedAt()));
        return ended == null ? new ContainerState(running, null, null) : ended;
    }
}
