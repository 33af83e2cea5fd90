package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.contract.ServeState;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.References;
import dev.prompttuning.operator.pod.PodClient;
import dev.prompttuning.operator.pod.Unschedulable;
import dev.prompttuning.operator.pod.Unstartable;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Looks, and changes nothing. */
@Singleton
class Observer {
    private final PodClient pods;

    Observer(PodClient pods) {
        this.pods = pods;
    }

    /** What keeps the server from being made, if anything. */
    Optional<Observed> obstacle(AdapterServe serve, Context<AdapterServe> context) {
        List<String> problems = Problems.of(serve.getSpec());
        if (!problems.isEmpty()) {
            return Optional.of(Observed.problem(String.join(" ", problems), false, List.of()));
        }
        List<WantedAdapter> wanted = wanted(serve, context);
        return References.missing(
                        context.getClient(),
                        serve.getMetadata().getNamespace(),
                        ServerDeployment.references(serve, wanted))
                .map(sentence -> Observed.problem(sentence, true, wanted));
    }

    /** The Deployment, and what its ready pods have loaded. */
    Observed observe(AdapterServe serve, Context<AdapterServe> context) {
        var deployment = context.getSecondaryResourcesAsStream(Deployment.class)
                .findFirst()
                .map(Deployment::getStatus);
        var found = EventSources.podsOf(serve, context);
        var loaded = found.stream()
                .filter(Observer::ready)
                .map(pod -> pods.get(pod, "/adapters", ServeState.class))
                .flatMap(Optional::stream)
                .map(ServeState::adapters)
                .toList();
        var trouble = found.stream()
                .filter(pod -> !ready(pod) && pod.getMetadata().getDeletionTimestamp() == null)
                .flatMap(pod -> trouble(pod).stream())
                .findFirst();
        return new Observed(Optional.empty(), false, wanted(serve, context), deployment, loaded, trouble);
    }

    private static Optional<String> trouble(Pod pod) {
        return Unschedulable.why(pod).or(() -> Unstartable.why(pod)).or(() -> Unstartable.lastEnd(pod));
    }

    private static List<WantedAdapter> wanted(AdapterServe serve, Context<AdapterServe> context) {
        return AdapterResolver.resolve(serve, EventSources.jobs(serve, context));
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
