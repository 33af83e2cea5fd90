package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One informer per kind for all controllers. They are registered first, then started together. */
final class Watches implements AutoCloseable {

    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Pod.class,
            Job.class,
            Deployment.class,
            Service.class,
            PersistentVolumeClaim.class,
            ConfigMap.class,
            Secret.class);

    private final Map<Class<?>, SharedIndexInformer<?>> informers = new HashMap<>();

    Watches(KubernetesClient client) {
        KINDS.forEach(kind -> add(client, kind));
    }

    private <T extends HasMetadata> void add(KubernetesClient client, Class<T> kind) {
        var informer = client.resources(kind).inAnyNamespace().runnableInformer(0);
        informer.exceptionHandler((started, failure) -> true);
        informers.put(kind, informer);
    }

    /** Calls back for each object that appears or changes, and for each that is gone. */
    <T extends HasMetadata> void on(Class<T> kind, Consumer<T> changed, Consumer<T> removed) {
        @SuppressWarnings("unchecked")
        var informer = (SharedIndexInformer<T>) informers.get(kind);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                changed.accept(object);
            }

            @Override
            public void onUpdate(T before, T after) {
                // After a gap in the watch, an update can hide a deletion and a new object of the same name.
                if (!before.getMetadata().getUid().equals(after.getMetadata().getUid())) {
                    removed.accept(before);
                }
                changed.accept(after);
            }

            @Override
            public void onDelete(T object, boolean finalStateUnknown) {
                removed.accept(object);
            }
        });
    }

    <T extends HasMetadata> void on(Class<T> kind, Consumer<T> event) {
        on(kind, event, event);
    }

    /** Starts all informers and waits until each knows what there is. */
    void start() {
        CompletableFuture.allOf(informers.values().stream()
                        .map(informer -> informer.start().toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @Override
    public void close() {
        informers.values().forEach(SharedIndexInformer::close);
    }
}
