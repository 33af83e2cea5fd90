package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.SharedInformerFactory;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Looks after the objects of one kind: {@link #reconcile} is called for one that has changed or whose pods have, and for
 * all every second, since time alone changes things too.
 */
abstract class Controller<T extends HasMetadata> {

    private static final long RESYNC_MILLIS = 1_000;

    private final KubernetesClient client;

    Controller(KubernetesClient client) {
        this.client = client;
    }

    final KubernetesClient client() {
        return client;
    }

    /** Begins with the informers' start. */
    final void register(
            Class<T> kind, SharedInformerFactory informers, SharedIndexInformer<Pod> pods, NodeThread thread) {
        var informer = informers.sharedIndexInformerFor(kind, RESYNC_MILLIS);
        informer.addEventHandler(
                new Listener<>(object -> thread.run(() -> look(object)), object -> thread.run(() -> removed(object))));
        Consumer<Pod> podChanged = pod -> informer.getStore().list().stream()
                .filter(object -> concerns(object, pod))
                .forEach(object -> thread.run(() -> look(object)));
        pods.addEventHandler(new Listener<>(podChanged, podChanged));
    }

    private void look(T seen) throws IOException {
        // From the API server, as the informer may not know yet what this controller wrote a moment ago.
        var object = client.resource(seen).get();
        if (object != null && object.getMetadata().getDeletionTimestamp() == null) {
            reconcile(object);
        }
    }

    /** Whether a pod is one of an object's. */
    boolean concerns(T object, Pod pod) {
        return pod.hasOwnerReferenceFor(object);
    }

    /** Brings the world one step closer to what the object asks for. */
    abstract void reconcile(T object) throws IOException;

    /** Cleans up after an object. */
    void removed(T object) throws IOException {}
}
