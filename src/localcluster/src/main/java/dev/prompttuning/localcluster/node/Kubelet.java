package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Runs every pod of the cluster, one {@link PodWorker} each, all on one thread. */
final class Kubelet implements AutoCloseable {

    private final NodeRuntime node;
    private final WorkQueue queue = new WorkQueue("kubelet", this::advance);
    /** The newest object of each pod, by uid; written by the watch. */
    private final Map<String, Pod> newest = new ConcurrentHashMap<>();

    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    /** By uid; touched by the queue's thread only. */
    private final Map<String, PodWorker> workers = new HashMap<>();

    Kubelet(NodeRuntime node, Watches watches) {
        this.node = node;
        watches.on(Pod.class, this::changed, this::removed);
        watches.on(ConfigMap.class, this::configChanged);
        watches.on(Secret.class, this::configChanged);
        watches.on(PersistentVolumeClaim.class, claim -> advanceAll(claim, false));
    }

    private void changed(Pod pod) {
        var uid = pod.getMetadata().getUid();
        newest.put(uid, pod);
        queue.add(uid);
    }

    private void removed(Pod pod) {
        var uid = pod.getMetadata().getUid();
        newest.put(uid, pod);
        removed.add(uid);
        queue.add(uid);
    }

    private void configChanged(HasMetadata config) {
        advanceAll(config, true);
    }

    private void advanceAll(HasMetadata neighbour, boolean config) {
        queue.run(() -> workers.forEach((uid, worker) -> {
            if (worker.isIn(neighbour.getMetadata().getNamespace())) {
                if (config) {
                    worker.configChanged();
                }
                queue.add(uid);
            }
        }));
    }

    private Optional<Duration> advance(String uid) {
        var pod = newest.get(uid);
        if (pod == null) {
            return Optional.empty();
        }
        var worker = workers.get(uid);
        if (worker == null) {
            if (!isOurs(pod)) {
                return Optional.empty();
            }
            worker = new PodWorker(node, pod, () -> queue.add(uid));
            workers.put(uid, worker);
        }
        worker.observe(pod, removed.contains(uid));
        var next = worker.advance();
        if (worker.isOver()) {
            worker.cleanUp();
            workers.remove(uid);
            newest.remove(uid);
            removed.remove(uid);
            return Optional.empty();
        }
        return next;
    }

    private boolean isOurs(Pod pod) {
        if (removed.remove(pod.getMetadata().getUid())) {
            newest.remove(pod.getMetadata().getUid());
            return false;
        }
        var name = pod.getSpec().getNodeName();
        return name == null || name.equals(LocalNode.NAME);
    }

    /** Stops looking after pods; their processes are killed by whoever owns {@link ChildProcesses}. */
    @Override
    public void close() {
        queue.close();
    }
}
