package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.time.Duration;
import java.time.Instant;

/** One pod on this node: lets its container go on or stops it, and writes down how it is. */
final class PodWorker {

    private final NodeRuntime node;
    private final Pod pod;
    private final PodResource resource;
    private final PodFolder folder;
    private final ContainerWorker container;
    private final String startTime = Timestamps.now();
    private PodStatus written = new PodStatus();
    private boolean stopping;

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
    void advance(Pod seen) {
        stopping = Pods.isDeleting(seen);
        if (!stopping) {
            container.advance(Instant.now());
            publish();
            return;
        }
        container.stop(Instant.now(), Duration.ofSeconds(seen.getMetadata().getDeletionGracePeriodSeconds()));
        publish();
        if (!container.isRunning()) {
            resource.withGracePeriod(0).delete();
        }
    }

    /**
     * Ends what is left of a pod whose object is gone.
     *
     * @return whether nothing is left
     */
    boolean cleanUp() {
        container.stop(Instant.now(), Duration.ZERO);
        if (container.isRunning()) {
            return false;
        }
        folder.delete();
        node.logs().delete(pod.getMetadata().getUid());
        return true;
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
                .withConditions(ready())
                .withContainerStatuses(container.status())
                .build();
    }

    private PodCondition ready() {
        var status = container.isReady() ? "True" : "False";
        var since = written.getConditions().stream()
                .filter(condition -> condition.getStatus().equals(status))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElseGet(Timestamps::now);
        return new PodConditionBuilder()
                .withType("Ready")
                .withStatus(status)
                .withReason(container.isReady() ? null : "ContainersNotReady")
                .withLastTransitionTime(since)
                .build();
    }
}
