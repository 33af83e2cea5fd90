package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.ShortNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** The file {@code train.json}. */
@KubernetesDependent(informer = @Informer(labelSelector = Labels.SELECTOR))
public class TrainerConfigMap extends CRUDKubernetesDependentResource<ConfigMap, PromptTuningJob> {

    static String name(PromptTuningJob job) {
        return ShortNames.of(job.getMetadata().getName(), 230) + "-train";
    }

    static ConfigMap of(PromptTuningJob job) {
        var config = TrainConfigs.of(job.getSpec(), job.getMetadata().getName(), Mounts.inPod());
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name(job))
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(Labels.of(job, Labels.TRAINER))
                .endMetadata()
                .addToData("train.json", ContractJson.write(config))
                .build();
    }

    @Override
    protected ConfigMap desired(PromptTuningJob job, Context<PromptTuningJob> context) {
        return of(job);
    }
}
