package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks after the objects of one kind, at all of them again and again, since time alone changes things too. */
abstract class Controller<T extends HasMetadata> {

    private final Class<T> kind;
    private final KubernetesClient client;
    /** What was there the last time, by uid. */
    private Map<String, T> known = Map.of();

    Controller(Class<T> kind, KubernetesClient client) {
        this.kind = kind;
        this.client = client;
    }

    final KubernetesClient client() {
        return client;
    }

    /** @param pods all there are */
    final void look(List<Pod> pods, NodeThread thread) {
        var present = new HashMap<String, T>();
        list(pods).forEach(object -> present.put(object.getMetadata().getUid(), object));
        present.values().forEach(object -> thread.attempt(() -> reconcile(object, pods)));
        known.keySet().removeAll(present.keySet());
        known.values().forEach(object -> thread.attempt(() -> removed(object)));
        known = present;
    }

    /** The objects of this kind that are not being deleted. */
    List<T> list(List<Pod> pods) {
        return client.resources(kind).inAnyNamespace().list().getItems().stream()
                .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** Brings the world one step closer to what the object asks for. */
    abstract void reconcile(T object, List<Pod> pods) throws IOException;

    /** Cleans up after an object. */
    void removed(T object) throws IOException {}
}
