package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/** The container of a pod: starts it, stops it when its probes fail, and starts it again. */
final class ContainerWorker {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final NodeRuntime node;
    /** As it was bound; what changes later is no matter of its container. */
    private final Pod pod;

    private final Container container;
    private final PodFolder folder;
    /** The present run, or the last; null before the first. */
    private ContainerRun run;

    private int runs;
    /** Why it is not started; null once it is. */
    private ContainerState waiting = waiting("ContainerCreating", null);

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
        } else if (!hasEnded() && !now.isBefore(next)) {
            start(now);
        } else if (!hasEnded() && hasRun()) {
            waiting = waiting("CrashLoopBackOff", "back-off restarting failed container " + container.getName());
        }
    }

    private void noteEnd(Instant now) throws IOException {
        if (run != null && !run.hasEnded()) {
            run.advance(now);
            next = run.hasEnded() ? now.plus(node.options().delayAfter(runs - 1)) : next;
        }
    }

    private void watch(Instant now) throws IOException {
        if (run.isDead()) {
            run.stop(now, Duration.ofSeconds(pod.getSpec().getTerminationGracePeriodSeconds()));
        }
        if (!now.isBefore(next)) {
            next = now.plus(PATIENCE);
            folder.update();
        }
    }

    private void start(Instant now) {
        next = now.plus(PATIENCE);
        var image = node.options().images().get(container.getImage());
        try {
            if (image == null) {
                var known = "the local cluster, which runs commands in place of images";
                waiting =
                        waiting("ImagePullBackOff", "image \"" + container.getImage() + "\" is not known to " + known);
                return;
            }
            Restrictions.check(pod);
            folder.setUp();
            var probes = new ContainerProbes(pod, node.http(), now);
            run(new ContainerCommand(pod, image, folder.paths(), node.client()), probes);
        } catch (ContainerConfigException e) {
            waiting = waiting("CreateContainerConfigError", e.getMessage());
        } catch (IOException e) {
            waiting = waiting("RunContainerError", e.getMessage());
        }
    }

    private void run(ContainerCommand command, ContainerProbes probes) throws IOException {
        var log = node.logs().file(pod.getMetadata().getUid(), runs);
        Files.createDirectories(log.getParent());
        var process = node.children().start(command.process().redirectOutput(log.toFile()));
        node.logs().open(log, process.onExit());
        endedBefore = run == null ? endedBefore : run.state();
        run = new ContainerRun(process, probes, folder);
        runs++;
        waiting = null;
    }

    /** Stops the container, with SIGTERM first and SIGKILL after the grace. To be called again until it has ended. */
    void stop(Instant now, Duration grace) throws IOException {
        noteEnd(now);
        if (isRunning()) {
            run.stop(now, grace);
        }
    }

    void kill() {
        if (run != null) {
            run.kill();
        }
    }

    boolean isRunning() {
        return run != null && run.isRunning();
    }

    boolean hasRun() {
        return run != null;
    }

    /** Whether it has ended for good. */
    boolean hasEnded() {
        var policy = pod.getSpec().getRestartPolicy();
        return run != null
                && run.hasEnded()
                && ("Never".equals(policy) || "OnFailure".equals(policy) && hasSucceeded());
    }

    boolean hasSucceeded() {
        return run != null && run.hasSucceeded();
    }

    boolean isReady() {
        return run != null && run.isReady();
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
                .withState(waiting != null ? waiting : run.state())
                .withLastState(waiting != null && run != null ? run.state() : endedBefore)
                .build();
    }
}
