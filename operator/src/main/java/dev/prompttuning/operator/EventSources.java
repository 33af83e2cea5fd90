package dev.prompttuning.operator;

import dev.prompttuning.api.tuning.PromptTuningJob;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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

    /** The pods of a resource, as the informer of {@link #pods} knows them. */
    public static List<Pod> podsOf(HasMetadata primary, Context<?> context) {
        String instance = Labels.instance(primary);
        return list(
                Pod.class,
                primary,
                context,
                pod -> instance.equals(pod.getMetadata().getLabels().get(Labels.INSTANCE)));
    }

    /** The jobs of a resource's namespace, whatever their state. */
    public static List<PromptTuningJob> jobs(HasMetadata primary, Context<?> context) {
        return list(PromptTuningJob.class, primary, context, job -> true);
    }

    private static <S extends HasMetadata> List<S> list(
            Class<S> type, HasMetadata primary, Context<?> context, Predicate<S> wanted) {
        var source = context.eventSourceRetriever().getEventSourceFor(type);
        return source instanceof InformerEventSource<?, ?> informer
                ? informer.list(primary.getMetadata().getNamespace(), resource -> wanted.test(type.cast(resource)))
                        .map(type::cast)
                        .toList()
                : List.of();
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
