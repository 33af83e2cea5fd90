package dev.prompttuning.localcluster.node;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** One pod on this node: lets its container go on or stops it, and writes down how it is. */
final class PodWorker {

    private final NodeRuntime node;
    private final Pod pod;
    private final PodResource resource;
    private final PodFolder folder;
    private final ContainerWorker container;
    private final String startTime = Timestamps.of(Instant.now());
    private PodStatus written;
    private boolean stopping;
    /** Whether the API server was told that nothing runs any more. */
    private boolean released;

    /** @param pod bound to this node, with its local ports */
    PodWorker(NodeRuntime node, Pod pod) {
        var metadata = pod.getMetadata();
        this.node = node;
        this.pod = pod;
        this.resource =
                node.client().pods().inNamespace(metadata.getNamespace()).withName(metadata.getName());
        this.folder = new PodFolder(node.options().podFolders().resolve(metadata.getUid()), pod, node.client());
        this.container = new ContainerWorker(node, pod, folder);
    }

    /** @param seen the pod as it is now */
    void advance(Pod seen) throws IOException {
        stopping = Pods.isDeleting(seen);
        if (!stopping) {
            container.advance(Instant.now());
            publish();
            return;
        }
        var grace = requireNonNullElse(seen.getMetadata().getDeletionGracePeriodSeconds(), 0L);
        container.stop(Instant.now(), Duration.ofSeconds(grace));
        publish();
        if (!container.isRunning() && !released) {
            resource.withGracePeriod(0).delete();
            released = true;
        }
    }

    /** Ends what is left of a pod whose object is gone. */
    void cleanUp() throws IOException {
        container.kill();
        folder.delete();
        node.logs().delete(pod.getMetadata().getUid());
    }

    private void publish() {
        var status = status();
        if (!status.equals(written)) {
            resource.editStatus(
                    current -> new PodBuilder(current).withStatus(status).build());
            written = status;
        }
    }

    private String phase() {
        if (container.hasEnded() || stopping && !container.isRunning()) {
            return container.hasSucceeded() ? "Succeeded" : "Failed";
        }
        return container.hasRun() ? "Running" : "Pending";
    }

    private PodStatus status() {
        return new PodStatusBuilder()
                .withPhase(phase())
                .withStartTime(startTime)
                .withHostIP(LocalNode.ADDRESS)
                .withPodIP(LocalNode.ADDRESS)
                .addNewCondition()
                .withType("Ready")
                .withStatus(container.isReady() ? "True" : "False")
                .endCondition()
                .withContainerStatuses(container.status())
                .build();
    }
}
