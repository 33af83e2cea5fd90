package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Binds every pod to this node, and runs it with a {@link PodWorker}. */
final class Kubelet {

    private static final long TICK_MILLIS = 100;

    private final NodeRuntime node;
    private final LocalPorts ports = new LocalPorts();
    /** By the pods' uids. */
    private final Map<String, PodWorker> workers = new HashMap<>();

    Kubelet(KubernetesClient client, NodeOptions options, NodeLogs logs, ChildProcesses children) {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        this.node = new NodeRuntime(client, options, logs, children, http);
    }

    /** Looks at all pods when one has changed, and ten times a second, as processes and probes do not call back. */
    void register(SharedIndexInformer<Pod> pods, NodeThread thread) {
        NodeThread.Turn look = () -> look(pods, thread);
        Consumer<Pod> changed = pod -> thread.run(look);
        pods.addEventHandler(new Listener<>(changed, changed));
        thread.repeat(look, TICK_MILLIS);
    }

    private void look(SharedIndexInformer<Pod> pods, NodeThread thread) {
        var present = pods.getStore().list().stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), Function.identity()));
        present.values().forEach(pod -> thread.attempt(() -> look(pod)));
        List.copyOf(workers.keySet()).stream()
                .filter(uid -> !present.containsKey(uid))
                .forEach(uid -> thread.attempt(() -> cleanUp(uid)));
    }

    private void cleanUp(String uid) throws IOException {
        if (workers.get(uid).cleanUp()) {
            workers.remove(uid);
        }
    }

    private void look(Pod pod) throws IOException {
        var name = pod.getSpec().getNodeName();
        if (name == null) {
            bind(pod);
        } else if (name.equals(LocalNode.NAME)) {
            workers.computeIfAbsent(pod.getMetadata().getUid(), uid -> new PodWorker(node, pod))
                    .advance(pod);
        }
    }

    private void bind(Pod pod) {
        var metadata = pod.getMetadata();
        node.client()
                .pods()
                .inNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .accept(current -> {
                    // The informer may not know yet that it is bound.
                    if (current.getSpec().getNodeName() == null) {
                        current.getSpec().setNodeName(LocalNode.NAME);
                        current.getMetadata().getAnnotations().putAll(ports.assign(current));
                    }
                });
    }
}
