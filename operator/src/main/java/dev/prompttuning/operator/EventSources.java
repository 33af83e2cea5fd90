package dev.prompttuning.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Set;
import java.util.stream.Collectors;

/** What wakes a reconciler beside its resource and its dependents. */
public final class EventSources {
    private EventSources() {}

    /** The pods of a resource, which belong to it by their labels. */
    public static <P extends HasMetadata> EventSource<Pod, P> pods(
            Class<P> type, String name, EventSourceContext<P> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Pod.class, type)
                        .withName("pods")
                        .withLabelSelector(Labels.SELECTOR + "," + Labels.NAME + "=" + name)
                        .withSecondaryToPrimaryMapper(pod -> owners(pod, context))
                        .build(),
                context);
    }

    /** Claims: one that appears wakes every resource of its namespace, which may have waited for it. */
    public static <P extends HasMetadata> EventSource<PersistentVolumeClaim, P> claims(
            Class<P> type, EventSourceContext<P> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(PersistentVolumeClaim.class, type)
                        .withName("claims")
                        .withSecondaryToPrimaryMapper(claim -> inNamespace(claim, context))
                        .withOnUpdateFilter((now, before) -> false)
                        .withOnDeleteFilter((claim, unknown) -> false)
                        .build(),
                context);
    }

    /** Every resource of a namespace. */
    public static <P extends HasMetadata> Set<ResourceID> inNamespace(
            HasMetadata secondary, EventSourceContext<P> context) {
        String namespace = secondary.getMetadata().getNamespace();
        return context.getPrimaryCache()
                .list(primary -> namespace.equals(primary.getMetadata().getNamespace()))
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static <P extends HasMetadata> Set<ResourceID> owners(Pod pod, EventSourceContext<P> context) {
        String instance = pod.getMetadata().getLabels().get(Labels.INSTANCE);
        String namespace = pod.getMetadata().getNamespace();
        return context.getPrimaryCache()
                .list(primary -> namespace.equals(primary.getMetadata().getNamespace())
                        && Labels.instance(primary).equals(instance))
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }
}
