package dev.prompttuning.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.api.contract.Mounts;
import dev.prompttuning.api.contract.TrainConfigs;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.localcluster.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code valid-*.yaml} is admitted; every {@code invalid-*.yaml} is refused with the words of its first line. */
class CrdValidationTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));

    private static ApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start();
        client = server.client();
        for (var type : List.of(PromptTuningJob.class, AdapterServe.class)) {
            Path file = ROOT.resolve("crds").resolve(CustomResource.getCRDName(type) + "-v1.yml");
            client.resource(Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class))
                    .create();
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("team-a")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    static List<Path> files() {
        try (var files = Files.list(ROOT.resolve("operator/src/test/resources/validation"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void schemaDecides(Path file) throws IOException {
        String yaml = Files.readString(file);
        var resource = client.resource(yaml);
        if (file.getFileName().toString().startsWith("valid-")) {
            resource.create();
            return;
        }
        var refused = assertThrows(KubernetesClientException.class, resource::create);
        String expected = yaml.lines().findFirst().orElseThrow().substring(2);
        assertEquals(422, refused.getCode(), refused.getMessage());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    /** What the schema fills in is what the operator takes when the schema has filled in nothing. */
    @Test
    void defaultsOfSchemaAndCodeAgree() throws IOException {
        String yaml = Files.readString(ROOT.resolve("operator/src/test/resources/validation/valid-minimal-job.yaml"))
                .replace("name: minimal-job", "name: defaults")
                .replace("training: {}", "training: {evaluation: {}, checkpoint: {}}");
        PromptTuningJob given = Serialization.unmarshal(yaml, PromptTuningJob.class);
        PromptTuningJob filled = client.resource(given).create();
        assertEquals(8, filled.getSpec().training().batchSize());
        assertEquals(
                TrainConfigs.of(given.getSpec(), "defaults", Mounts.inPod()),
                TrainConfigs.of(filled.getSpec(), "defaults", Mounts.inPod()));
    }
}
