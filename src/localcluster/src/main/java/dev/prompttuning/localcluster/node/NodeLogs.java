package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;

/** Where the logs of pods are. */
final class NodeLogs {

    private NodeLogs() {}

    static Path folder(Path dataDirectory, Pod pod) {
        return dataDirectory.resolve("logs").resolve(pod.getMetadata().getUid());
    }
}
