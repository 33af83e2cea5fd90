package dev.prompttuning.operator.pod;

import dev.prompttuning.api.contract.ContractPaths;
import dev.prompttuning.api.model.BaseModel;
import dev.prompttuning.api.model.SecretKey;
import dev.prompttuning.api.pod.PodSettings;
import dev.prompttuning.operator.ClaimMounts;
import dev.prompttuning.operator.PodDefaults;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The pod of either command of the runtime image, without what only one of them needs. */
public final class RuntimePod {
    public static final String GPU = "nvidia.com/gpu";

    private RuntimePod() {}

    /** A pod that runs {@code command} with {@code configFile}. */
    public static PodSpec of(
            String command,
            String configFile,
            BaseModel model,
            PodSettings asked,
            ClaimMounts mounts,
            PodDefaults defaults) {
        PodSettings settings = asked == null ? PodSettings.none() : asked;
        Container container = container(command, configFile, model, settings, mounts, defaults);
        return Scheduling.of(settings)
                .andThen(gpus(settings) > 0 ? Scheduling.onGpu(defaults.gpu()) : UnaryOperator.identity())
                .andThen(Security::restricted)
                .apply(new PodSpecBuilder()
                        .withContainers(container)
                        .withVolumes(mounts.volumes())
                        .addToVolumes(new VolumeBuilder()
                                .withName("tmp")
                                .withNewEmptyDir()
                                .endEmptyDir()
                                .build())
                        .addAllToVolumes(listOrEmpty(settings.volumes()))
                        .withImagePullSecrets(settings.imagePullSecrets())
                        .build());
    }

    /** Labels and annotations of the pod: ours win, because selectors need them. */
    public static ObjectMeta metadata(Map<String, String> ours, PodSettings asked) {
        PodSettings settings = asked == null ? PodSettings.none() : asked;
        Map<String, String> labels = new TreeMap<>(settings.labels() == null ? Map.of() : settings.labels());
        labels.putAll(ours);
        return new ObjectMetaBuilder()
                .withLabels(labels)
                .withAnnotations(settings.annotations())
                .build();
    }

    /** GPUs the pod asks for. */
    public static int gpus(PodSettings settings) {
        if (settings == null || settings.resources() == null) {
            return 0;
        }
        var limits = settings.resources().getLimits();
        var requests = settings.resources().getRequests();
        var gpus = limits != null && limits.containsKey(GPU)
                ? limits.get(GPU)
                : requests == null ? null : requests.get(GPU);
        return gpus == null ? 0 : gpus.getNumericalAmount().intValue();
    }

    private static Container container(
            String command,
            String configFile,
            BaseModel model,
            PodSettings settings,
            ClaimMounts mounts,
            PodDefaults defaults) {
        String image = gpus(settings) > 0
                ? defaults.images().trainerCuda()
                : defaults.images().trainerCpu();
        return new ContainerBuilder()
                .withName(command)
                .withImage(settings.image() == null ? image : settings.image())
                .withImagePullPolicy(settings.imagePullPolicy() == null ? "IfNotPresent" : settings.imagePullPolicy())
                .withArgs(command, "--config", configFile)
                .withEnv(env(model, settings))
                .addNewPort()
                .withName("http")
                .withContainerPort(ContractPaths.PORT)
                .withProtocol("TCP")
                .endPort()
                .withResources(settings.resources())
                .withVolumeMounts(mounts.mounts())
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .addAllToVolumeMounts(listOrEmpty(settings.volumeMounts()))
                .withTerminationMessagePath(ContractPaths.TERMINATION_LOG)
                .withTerminationMessagePolicy("File")
                .build();
    }

    private static List<EnvVar> env(BaseModel model, PodSettings settings) {
        List<EnvVar> env = new ArrayList<>();
        if (model.huggingFace() != null) {
            token("HF_TOKEN", model.huggingFace().tokenSecretRef()).ifPresent(env::add);
        }
        if (gpus(settings) > 0) {
            // Without a GPU that PyTorch sees, such a pod says so instead of computing on the CPU; the pod's own
            // setting wins.
            env.add(new EnvVarBuilder()
                    .withName("TRAINER_DEVICE")
                    .withValue("cuda")
                    .build());
        }
        env.addAll(listOrEmpty(settings.env()));
        return env;
    }

    /** A variable with a token, where there is one. */
    public static Optional<EnvVar> token(String variable, SecretKey secret) {
        return Optional.ofNullable(secret).map(token -> new EnvVarBuilder()
                .withName(variable)
                .withNewValueFrom()
                .withNewSecretKeyRef(token.key() == null ? SecretKey.DEFAULT_KEY : token.key(), token.name(), null)
                .endValueFrom()
                .build());
    }

    private static <T> List<T> listOrEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
