package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;

/** What every pod of the node needs from it. */
record NodeRuntime(
        KubernetesClient client,
        NodeOptions options,
        EventRecorder events,
        ChildProcesses children,
        Prober prober,
        LocalPorts ports,
        ClaimFolders claims,
        NodeLogs logs,
        ContainerEnvironment environment) {

    static final String PODS = "pods";

    Path podFolder(Pod pod) {
        return options.dataDirectory().resolve(PODS).resolve(pod.getMetadata().getUid());
    }
}
