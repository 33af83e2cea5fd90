package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.Progress;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.validation.Problems;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.References;
import dev.prompttuning.operator.pod.PodClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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

    /** Whether the run may start: what is wrong with the spec, then what it names and is not there. */
    Observed beforeStart(PromptTuningJob job, Context<PromptTuningJob> context) {
        List<String> problems = Problems.of(job.getSpec());
        if (!problems.isEmpty()) {
            return Observed.problem(String.join(" ", problems));
        }
        if (started(job, context).isPresent()) {
            return observe(job, context);
        }
        return References.missing(
                        context.getClient(), job.getMetadata().getNamespace(), TrainerPod.references(job.getSpec()))
                .map(Observed::missing)
                .orElseGet(() -> observe(job, context));
    }

    /** The Job, its pods, and what the running one says. */
    Observed observe(PromptTuningJob job, Context<PromptTuningJob> context) {
        Optional<Job> started = started(job, context);
        // How the last pod ended is reported once and for all, so a cache that lags will not do then.
        List<Pod> found =
                started.filter(Observer::over).isPresent() ? latest(job, context) : EventSources.podsOf(job, context);
        Optional<Progress> progress = Observed.newest(found)
                .filter(Observed::running)
                .flatMap(pod -> pods.get(pod, "/progress", Progress.class));
        return new Observed(Optional.empty(), Optional.empty(), started, found, progress);
    }

    private static boolean over(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream().anyMatch(condition -> "True".equals(condition.getStatus()));
    }

    private static List<Pod> latest(PromptTuningJob job, Context<PromptTuningJob> context) {
        return context.getClient()
                .pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withLabels(Labels.of(job, Labels.TRAINER))
                .list()
                .getItems();
    }

    /** The Job of this very spec, unless it is being deleted. */
    static Optional<Job> started(PromptTuningJob job, Context<PromptTuningJob> context) {
        String name = TrainingJob.name(job);
        return context.getSecondaryResourcesAsStream(Job.class)
                .filter(found -> found.getMetadata().getName().equals(name)
                        && found.getMetadata().getDeletionTimestamp() == null)
                .findFirst();
    }
}
