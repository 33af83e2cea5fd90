package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobStatus;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.status.Conditions;
import dev.prompttuning.operator.status.StatusWriter;
import dev.prompttuning.operator.status.Transitions;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Runs one training: observe, accept, act, report. Sets the conditions Accepted, Running, Suspended, Complete and
 * Failed; a run that is over is only reported, until its time to live ends. What fails is tried again without end, at
 * most a minute apart, so that a job never waits for somebody to touch it.
 */
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(name = "config", type = TrainerConfigMap.class),
            @Dependent(
                    name = "job",
                    type = TrainingJob.class,
                    dependsOn = "config",
                    reconcilePrecondition = TrainingJob.MayRun.class)
        })
@ControllerConfiguration(name = "prompttuningjob")
@GradualRetry(maxAttempts = -1, maxInterval = 60_000)
public class PromptTuningJobReconciler implements Reconciler<PromptTuningJob> {
    /** How often a running pod is asked how far it is. */
    private static final Duration PROGRESS = Duration.ofSeconds(2);
    /** How often a missing ConfigMap is looked for; claims are watched. */
    private static final Duration REFERENCE = Duration.ofSeconds(15);

    private final Observer observer;
    private final Transitions transitions;
    private final Clock clock;

    PromptTuningJobReconciler(Observer observer, Transitions transitions, Clock clock) {
        this.observer = observer;
        this.transitions = transitions;
        this.clock = clock;
    }

    @Override
    public UpdateControl<PromptTuningJob> reconcile(PromptTuningJob job, Context<PromptTuningJob> context) {
        Observed seen = observer.beforeStart(job, context);
        if (seen.problem().isEmpty() && seen.missing().isEmpty() && !over(job)) {
            context.managedWorkflowAndDependentResourceContext().reconcileManagedWorkflow();
            seen = observer.observe(job, context);
        }
        return report(job, seen, context);
    }

    private UpdateControl<PromptTuningJob> report(
            PromptTuningJob job, Observed seen, Context<PromptTuningJob> context) {
        Instant now = clock.instant();
        PromptTuningJobStatus before = job.getStatus();
        PromptTuningJobStatus status = over(job) ? before : TuningStatus.of(job, seen, now);
        Optional<Duration> left = TimeToLive.left(job, status, now);
        if (left.filter(time -> time.isZero() || time.isNegative()).isPresent()) {
            context.getClient().resource(job).delete();
            return UpdateControl.noUpdate();
        }
        if (!status.equals(before)) {
            transitions.tell(
                    job,
                    "prompttuning.job.transitions",
                    before == null ? null : before.conditions(),
                    status.conditions());
            StatusWriter.write(job, withStatus(job, status), context);
        }
        UpdateControl<PromptTuningJob> done = UpdateControl.noUpdate();
        return next(seen, status, left).map(done::rescheduleAfter).orElse(done);
    }

    private static Optional<Duration> next(Observed seen, PromptTuningJobStatus status, Optional<Duration> left) {
        if (seen.missing().isPresent()) {
            return Optional.of(REFERENCE);
        }
        return "Running".equals(status.phase()) ? Optional.of(PROGRESS) : left;
    }

    private static boolean over(PromptTuningJob job) {
        return job.getStatus() != null
                && (Conditions.isTrue(job.getStatus().conditions(), TuningConditions.COMPLETE)
                        || Conditions.isTrue(job.getStatus().conditions(), TuningConditions.FAILED));
    }

    /** Only the name and the status, as server-side apply wants it. */
    private static PromptTuningJob withStatus(PromptTuningJob job, PromptTuningJobStatus status) {
        PromptTuningJob patch = new PromptTuningJob();
        patch.getMetadata().setName(job.getMetadata().getName());
        patch.getMetadata().setNamespace(job.getMetadata().getNamespace());
        patch.setStatus(status);
        return patch;
    }

    @Override
    public List<EventSource<?, PromptTuningJob>> prepareEventSources(EventSourceContext<PromptTuningJob> context) {
        return List.of(
                EventSources.pods(PromptTuningJob.class, Labels.TRAINER, context),
                EventSources.claims(PromptTuningJob.class, context));
    }
}
