package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.ExitCode;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.RunPolicy;
import dev.prompttuning.operator.EventSources;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.PodDefaults;
import dev.prompttuning.operator.ShortNames;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.api.reconciler.dependent.GarbageCollected;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Kubernetes Job. It is made once and never updated: a queue owns parts of it once it is there. To suspend is to
 * delete it, to resume is to make it again; the trainer goes on from its checkpoint.
 */
@Singleton
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public class TrainingJob extends KubernetesDependentResource<Job, PromptTuningJob>
        implements Creator<Job, PromptTuningJob>, GarbageCollected<PromptTuningJob> {
    private static final String QUEUE = "kueue.x-k8s.io/queue-name";
    private static final int BACKOFF_LIMIT = 3;

    @Inject
    PodDefaults defaults;

    /** A name of its own for every specification. */
    static String name(PromptTuningJob job) {
        String name = job.getMetadata().getName();
        var config = TrainConfigs.of(job.getSpec(), name, Mounts.inPod());
        return ShortNames.of(name, 50) + "-" + ShortNames.hash(ContractJson.write(config));
    }

    static Job of(PromptTuningJob job, PodDefaults defaults) {
        RunPolicy policy = job.getSpec().runPolicy();
        Map<String, String> labels = new TreeMap<>(Labels.of(job, Labels.TRAINER));
        if (policy != null && policy.queueName() != null) {
            labels.put(QUEUE, policy.queueName());
        }
        return new JobBuilder()
                .withNewMetadata()
                .withName(name(job))
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(
                        policy == null || policy.backoffLimit() == null ? BACKOFF_LIMIT : policy.backoffLimit())
                .withActiveDeadlineSeconds(policy == null ? null : policy.activeDeadlineSeconds())
                .withCompletions(1)
                .withParallelism(1)
                .withPodFailurePolicy(failurePolicy())
                .withTemplate(TrainerPod.of(job, defaults))
                .endSpec()
                .build();
    }

    /** A mistake of the user ends the job, a lost node does not count, everything else is tried again. */
    private static PodFailurePolicy failurePolicy() {
        return new PodFailurePolicyBuilder()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName("train")
                .withOperator("In")
                .withValues(ExitCode.USER_MISTAKE.code())
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endOnPodCondition()
                .endRule()
                .build();
    }

    @Override
    protected Job desired(PromptTuningJob job, Context<PromptTuningJob> context) {
        return of(job, defaults);
    }

    /**
     * Holds unless the user asked the run to wait, or a pod of before it waited still writes its last checkpoint: two
     * pods would write over each other.
     */
    public static class MayRun implements Condition<Job, PromptTuningJob> {
        @Override
        public boolean isMet(
                DependentResource<Job, PromptTuningJob> dependent,
                PromptTuningJob job,
                Context<PromptTuningJob> context) {
            return !job.getSpec().suspended() && (Observer.started(job, context).isPresent() || idle(job, context));
        }

        private static boolean idle(PromptTuningJob job, Context<PromptTuningJob> context) {
            return EventSources.podsOf(job, context).stream().allMatch(Observed::ended);
        }
    }
}
