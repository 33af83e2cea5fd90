package dev.prompttuning.operator.tuning;

import dev.prompttuning.api.contract.ContractPaths;
import dev.prompttuning.api.tuning.DataSource;
import dev.prompttuning.api.tuning.Dataset;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import dev.prompttuning.operator.ClaimMounts;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.PodDefaults;
import dev.prompttuning.operator.pod.RuntimePod;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pod that trains. */
final class TrainerPod {
    private TrainerPod() {}

    static PodTemplateSpec of(PromptTuningJob job, PodDefaults defaults) {
        PromptTuningJobSpec spec = job.getSpec();
        ClaimMounts mounts = references(spec).configMap(TrainerConfigMap.name(job), ContractPaths.CONFIG);
        var pod = RuntimePod.of("train", ContractPaths.TRAIN_JSON, spec.baseModel(), spec.pod(), mounts, defaults);
        // In front of what the user sets, which wins where both set the same.
        List<EnvVar> env = new ArrayList<>(tokens(spec.dataset()));
        env.addAll(pod.getContainers().get(0).getEnv());
        return new PodTemplateSpecBuilder()
                .withMetadata(RuntimePod.metadata(Labels.of(job, Labels.TRAINER), spec.pod()))
                .withSpec(new PodSpecBuilder(pod)
                        .withRestartPolicy("Never")
                        .editFirstContainer()
                        .withEnv(env)
                        .endContainer()
                        .build())
                .build();
    }

    private static List<EnvVar> tokens(Dataset dataset) {
        return Stream.of(
                        token("DATASET_TOKEN", dataset.train()),
                        token("EVALUATION_DATASET_TOKEN", dataset.evaluation()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<EnvVar> token(String variable, DataSource source) {
        return source == null || source.huggingFace() == null
                ? Optional.empty()
                : RuntimePod.token(variable, source.huggingFace().tokenSecretRef());
    }

    /** What the spec names, and must be there before the pod can start. */
    static ClaimMounts references(PromptTuningJobSpec spec) {
        ClaimMounts mounts = new ClaimMounts().model(spec.baseModel());
        data(spec.dataset().train(), mounts);
        if (spec.dataset().evaluation() != null) {
            data(spec.dataset().evaluation(), mounts);
        }
        return mounts.write(spec.output().persistentVolumeClaim().claimName());
    }

    private static void data(DataSource source, ClaimMounts mounts) {
        if (source.persistentVolumeClaim() != null) {
            mounts.read(source.persistentVolumeClaim().claimName());
        }
        if (source.configMap() != null) {
            mounts.configMap(source.configMap().name());
        }
    }
}
