package dev.prompttuning.operator.adapterserve;

import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.serving.AdapterServeStatus;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.status.Conditions;
import dev.prompttuning.operator.status.StatusWriter;
import dev.prompttuning.operator.status.Transitions;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a server as its spec wants it: observe, accept, act, report. Sets the conditions Accepted, Available,
 * AdaptersLoaded and Progressing.
 */
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(name = "config", type = ServerConfigMap.class),
            @Dependent(name = "deployment", type = ServerDeployment.class, dependsOn = "config"),
            @Dependent(name = "service", type = ServerService.class)
        })
@ControllerConfiguration(name = "adapterserve")
@GradualRetry(maxAttempts = -1, maxInterval = 60_000)
public class AdapterServeReconciler implements Reconciler<AdapterServe> {
    /** How often pods that have not loaded everything are asked. */
    private static final Duration LOADING = Duration.ofSeconds(2);
    /** How often pods at rest are asked: a restarted process may have lost an adapter. */
    private static final Duration REST = Duration.ofSeconds(30);

    private final Observer observer;
    private final Transitions transitions;
    private final Clock clock;

    AdapterServeReconciler(Observer observer, Transitions transitions, Clock clock) {
        this.observer = observer;
        this.transitions = transitions;
        this.clock = clock;
    }

    @Override
    public UpdateControl<AdapterServe> reconcile(AdapterServe serve, Context<AdapterServe> context) {
        Optional<Observed> obstacle = observer.obstacle(serve, context);
        if (obstacle.isEmpty()) {
            context.managedWorkflowAndDependentResourceContext().reconcileManagedWorkflow();
        }
        return report(serve, obstacle.orElseGet(() -> observer.observe(serve, context)), context);
    }

    private UpdateControl<AdapterServe> report(AdapterServe serve, Observed seen, Context<AdapterServe> context) {
        AdapterServeStatus before = serve.getStatus();
        AdapterServeStatus status = ServingStatus.of(serve, seen, clock.instant());
        if (!status.equals(before)) {
            transitions.tell(
                    serve,
                    "prompttuning.serve.transitions",
                    before == null ? null : before.conditions(),
                    status.conditions());
            StatusWriter.write(serve, withStatus(serve, status), context);
        }
        return UpdateControl.<AdapterServe>noUpdate().rescheduleAfter(loading(status) ? LOADING : REST);
    }

    private static boolean loading(AdapterServeStatus status) {
        boolean pods = status.readyReplicas() > 0;
        return pods && !Conditions.isTrue(status.conditions(), "AdaptersLoaded");
    }

    /** Only the name and the status, as server-side apply wants it. */
    private static AdapterServe withStatus(AdapterServe serve, AdapterServeStatus status) {
        AdapterServe patch = new AdapterServe();
        patch.getMetadata().setName(serve.getMetadata().getName());
        patch.getMetadata().setNamespace(serve.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    @Override
    public List<EventSource<?, AdapterServe>> prepareEventSources(EventSourceContext<AdapterServe> context) {
        return List.of(
                EventSources.pods(AdapterServe.class, Labels.SERVER, context),
                EventSources.claims(AdapterServe.class, context),
                jobs(context));
    }

    /** The jobs of the namespace: one that completes brings an adapter. */
    private static EventSource<PromptTuningJob, AdapterServe> jobs(EventSourceContext<AdapterServe> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(PromptTuningJob.class, AdapterServe.class)
                        .withName("jobs")
                        .withSecondaryToPrimaryMapper(job -> EventSources.inNamespace(job, context))
                        .build(),
                context);
    }
}
