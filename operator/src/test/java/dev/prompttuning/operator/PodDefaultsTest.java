package dev.prompttuning.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PodDefaultsTest {

    @Test
    void nothingIsAskedOfGpuPodsByDefault() throws IOException {
        GpuDefaults gpu = read("").gpu();
        assertEquals(Map.of(), gpu.nodeSelector());
        assertEquals(List.of(), gpu.tolerations());
        assertEquals(Optional.empty(), gpu.runtimeClassName());
    }

    @Test
    void readsLabelsWithDotsAndSeveralTolerations() throws IOException {
        PodDefaults defaults = read(
                """
                prompttuning.images.trainer-cuda=registry.example/trainer:cuda
                prompttuning.gpu.runtime-class-name=nvidia
                prompttuning.gpu.node-selector."nvidia.com/gpu.present"=true
                prompttuning.gpu.tolerations[0].key=nvidia.com/gpu
                prompttuning.gpu.tolerations[0].operator=Exists
                prompttuning.gpu.tolerations[1].key=pool
                prompttuning.gpu.tolerations[1].value=gpu
                prompttuning.gpu.tolerations[1].effect=NoExecute
                prompttuning.gpu.tolerations[1].toleration-seconds=60
                """);
        assertEquals("registry.example/trainer:cuda", defaults.images().trainerCuda());
        assertEquals(Optional.of("nvidia"), defaults.gpu().runtimeClassName());
        assertEquals(Map.of("nvidia.com/gpu.present", "true"), defaults.gpu().nodeSelector());
        var second = defaults.gpu().tolerations().get(1);
        assertEquals(Optional.of("pool"), second.key());
        assertEquals(Optional.empty(), second.operator());
        assertEquals(Optional.of(60L), second.tolerationSeconds());
    }

    @Test
    void aMisspeltSettingIsRefused() {
        var refusal =
                assertThrows(ConfigValidationException.class, () -> read("prompttuning.gpu.runtime-class=nvidia"));
        assertTrue(refusal.getMessage().contains("prompttuning.gpu.runtime-class"), refusal.getMessage());
    }

    private static PodDefaults read(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> settings = properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withMapping(PodDefaults.class)
                .build()
                .getConfigMapping(PodDefaults.class);
    }
}
