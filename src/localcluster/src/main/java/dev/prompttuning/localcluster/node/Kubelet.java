package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Binds every pod to this node, and runs it with a {@link PodWorker}. */
final class Kubelet extends Controller<Pod> {

    private final NodeRuntime node;
    private final LocalPorts ports = new LocalPorts();
    /** By the pods' uids. */
    private final Map<String, PodWorker> workers = new HashMap<>();

    Kubelet(NodeRuntime node) {
        super(Pod.class, node.client());
        this.node = node;
    }

    /** Those too that are being deleted, and as the controllers have seen them in this round. */
    @Override
    List<Pod> list(List<Pod> pods) {
        return pods;
    }

    @Override
    void reconcile(Pod pod, List<Pod> pods) throws IOException {
        var name = pod.getSpec().getNodeName();
        if (name == null) {
            pod.getSpec().setNodeName(LocalNode.NAME);
            pod.getMetadata().getAnnotations().putAll(ports.assign(pod));
            client().resource(pod).update();
        } else if (name.equals(LocalNode.NAME)) {
            workers.computeIfAbsent(pod.getMetadata().getUid(), uid -> new PodWorker(node, pod))
                    .advance(pod);
        }
    }

    @Override
    void removed(Pod pod) throws IOException {
        var worker = workers.remove(pod.getMetadata().getUid());
        if (worker != null) {
            worker.cleanUp();
        }
    }
}
