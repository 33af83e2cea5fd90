package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One pod on this node, from its scheduling to its end. {@link #advance} looks at everything again each time, so it
 * does not matter which event led to it.
 */
final class PodWorker {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final NodeRuntime node;
    private final PodScheduling scheduling;
    private final PodVolumes volumes;
    private final List<ContainerWorker> initContainers;
    private final List<ContainerWorker> containers;
    private final Instant seen = Instant.now();
    private Pod pod;
    private boolean removed;
    private boolean filesMayHaveChanged = true;
    private boolean mounted;
    /** Whether the API server was told that nothing runs any more. */
    private boolean released;

    private Instant stopBy;
    private PodStatus written;

    PodWorker(NodeRuntime node, Pod pod, Runnable changed) {
        this.node = node;
        this.pod = pod;
        this.scheduling = new PodScheduling(node);
        this.volumes = new PodVolumes(node.podFolder(pod), node.client(), node.claims());
        this.initContainers = workers(pod.getSpec().getInitContainers(), changed);
        this.containers = workers(pod.getSpec().getContainers(), changed);
    }

    private List<ContainerWorker> workers(List<Container> specs, Runnable changed) {
        return specs.stream()
                .map(container -> new ContainerWorker(node, container, volumes, changed))
                .toList();
    }

    static Duration grace(Pod pod) {
        var seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
        if (seconds == null) {
            seconds = pod.getSpec().getTerminationGracePeriodSeconds();
        }
        return Duration.ofSeconds(seconds == null ? 30 : seconds);
    }

    static boolean isTerminal(Pod pod) {
        var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    void observe(Pod newest, boolean gone) {
        pod = newest;
        removed |= gone;
    }

    /** A ConfigMap or Secret of the pod's namespace has changed. */
    void configChanged() {
        filesMayHaveChanged = true;
    }

    boolean isIn(String namespace) {
        return pod.getMetadata().getNamespace().equals(namespace);
    }

    /** Whether the object and all processes are gone, so that the worker can be forgotten. */
    boolean isOver() {
        return removed && all().noneMatch(ContainerWorker::isRunning);
    }

    private Stream<ContainerWorker> all() {
        return Stream.concat(initContainers.stream(), containers.stream());
    }

    /** @return when to look again, if time alone changes something */
    Optional<Duration> advance() {
        var now = Instant.now();
        var next = removed || pod.getMetadata().getDeletionTimestamp() != null ? end(now) : live(now);
        return next.map(time -> Timestamps.until(time, now));
    }

    private Optional<Instant> live(Instant now) {
        if (written == null && isTerminal(pod)) {
            return Optional.empty();
        }
        if (hasEnded()) {
            publish();
            return Optional.empty();
        }
        if (!scheduling.schedule(pod)) {
            publish();
            return Optional.of(now.plus(RETRY));
        }
        var next = mount(now);
        if (next.isEmpty()) {
            next = runContainers(now);
        }
        publish();
        return next;
    }

    private Optional<Instant> mount(Instant now) {
        if (!filesMayHaveChanged) {
            return Optional.empty();
        }
        try {
            volumes.update(pod);
            filesMayHaveChanged = false;
            mounted = true;
        } catch (MountException e) {
            node.events().warning(pod, "FailedMount", "MountVolume.SetUp failed: " + e.getMessage());
            // Containers that already run keep the files they have.
            filesMayHaveChanged = !mounted;
            return mounted ? Optional.empty() : Optional.of(now.plus(RETRY));
        }
        return Optional.empty();
    }

    private Optional<Instant> runContainers(Instant now) {
        for (var init : initContainers) {
            var next = init.advance(pod, now, code -> code != 0 && !"Never".equals(restartPolicy()));
            if (!init.hasEnded() || init.exitCode() != 0) {
                return next;
            }
        }
        return containers.stream()
                .flatMap(container -> container.advance(pod, now, this::again).stream())
                .min(Instant::compareTo);
    }

    private String restartPolicy() {
        var policy = pod.getSpec().getRestartPolicy();
        return policy == null ? "Always" : policy;
    }

    private boolean again(int exitCode) {
        return switch (restartPolicy()) {
            case "Never" -> false;
            case "OnFailure" -> exitCode != 0;
            default -> true;
        };
    }

    private Optional<Instant> end(Instant now) {
        if (stopBy == null) {
            stopBy = now.plus(grace(pod));
            if (all().anyMatch(ContainerWorker::isRunning)) {
                node.events().normal(pod, "Killing", "Stopping the containers of the pod");
            }
        }
        if (Duration.between(now, stopBy).compareTo(grace(pod)) > 0) {
            stopBy = now.plus(grace(pod));
        }
        var next =
                all().flatMap(container -> container.stop(now, stopBy).stream()).min(Instant::compareTo);
        if (next.isEmpty() && !removed && !released) {
            publish();
            node.client().resource(pod).withGracePeriod(0).delete();
            released = true;
        }
        return next;
    }

    /** Deletes everything the pod had on this machine but its volumes' data. */
    void cleanUp() {
        all().filter(ContainerWorker::isRunning).forEach(container -> container.stop(Instant.now(), Instant.MIN));
        node.ports().release(pod);
        volumes.delete();
        try {
            AtomicFolder.delete(node.logs().folder(pod));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasEnded() {
        return !"Pending".equals(phase()) && !"Running".equals(phase());
    }

    private String phase() {
        var stopped = stopBy != null && all().noneMatch(ContainerWorker::isRunning);
        var initFailed = initContainers.stream()
                .anyMatch(init ->
                        init.hasEnded() && init.exitCode() != 0 && (stopped || "Never".equals(restartPolicy())));
        if (initFailed) {
            return "Failed";
        }
        var over = containers.stream()
                .allMatch(container -> container.hasEnded() && (stopped || !again(container.exitCode())));
        if (over) {
            return containers.stream().allMatch(container -> container.exitCode() == 0) ? "Succeeded" : "Failed";
        }
        if (stopped) {
            return "Failed";
        }
        return containers.stream().anyMatch(ContainerWorker::hasRun) ? "Running" : "Pending";
    }

    private void publish() {
        var facts = new PodStatuses.Facts(phase(), seen, scheduling.refusal(), mounted, initContainers, containers);
        var status = PodStatuses.of(facts, written == null ? pod.getStatus() : written);
        if (status.equals(written)) {
            return;
        }
        var resource = node.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
        Edits.status(
                resource,
                current -> uid(current).equals(uid(pod))
                        ? new PodBuilder(current).withStatus(status).build()
                        : current);
        written = status;
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
