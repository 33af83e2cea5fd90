package dev.prompttuning.operator.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.api.model.BaseModel;
import dev.prompttuning.api.model.ClaimSource;
import dev.prompttuning.api.pod.PodSettings;
import dev.prompttuning.operator.ClaimMounts;
import dev.prompttuning.operator.PodDefaults;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RuntimePodTest {
    private static final ResourceRequirements GPU = new ResourceRequirementsBuilder()
            .addToLimits(RuntimePod.GPU, new Quantity("1"))
            .build();

    /** Variables by name; of several with one name the last counts, as in a container. */
    private static Map<String, String> env(ResourceRequirements resources, EnvVar... own) {
        PodSettings settings = new PodSettings(
                null, null, null, resources, null, null, null, null, null, null, null, null, List.of(own), null, null);
        PodDefaults defaults = new SmallRyeConfigBuilder()
                .withMapping(PodDefaults.class)
                .build()
                .getConfigMapping(PodDefaults.class);
        BaseModel model = new BaseModel(null, new ClaimSource("models", null), null, null, null, null);
        return RuntimePod.of("train", "/train.json", model, settings, new ClaimMounts(), defaults)
                .getContainers()
                .get(0)
                .getEnv()
                .stream()
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (first, last) -> last));
    }

    @Test
    void aPodWithAGpuComputesOnIt() {
        assertEquals(Map.of("TRAINER_DEVICE", "cuda"), env(GPU));
        assertEquals(Map.of(), env(null));
    }

    @Test
    void thePodsOwnDeviceWins() {
        EnvVar cpu =
                new EnvVarBuilder().withName("TRAINER_DEVICE").withValue("cpu").build();
        assertEquals(Map.of("TRAINER_DEVICE", "cpu"), env(GPU, cpu));
    }
}
