package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** kubeconform finds no field that Kubernetes does not have; its schemas are those of the cluster's own API server. */
class ChartSchemaTest {
    private static final Program KUBECONFORM =
            new Program("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0");

    @TempDir
    static Path schemas;

    @BeforeAll
    static void readSchemas() throws Exception {
        try (var client = new KubernetesClientBuilder().build()) {
            new ClusterSchemas(path -> client.raw(path)).writeTo(schemas);
        }
    }

    static List<Path> cases() throws IOException {
        return ChartCases.valid();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersWhatKubernetesKnows(Path values) throws Exception {
        Path rendered = Files.writeString(
                schemas.resolve("rendered.yaml"), new Helm().template("any", "prompt-tuning", values));
        Program.Result result = conform(rendered);
        assertEquals(0, result.status(), result.output());
        assertTrue(result.output().contains("Invalid: 0, Errors: 0"), result.output());
    }

    @Test
    void anUnknownFieldWouldBeFound() throws Exception {
        Path wrong = Files.writeString(
                schemas.resolve("wrong.yaml"),
                """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: a, namespase: b}
                """);
        Program.Result result = conform(wrong);
        assertNotEquals(0, result.status());
        assertTrue(result.output().contains("namespase"), result.output());
    }

    private static Program.Result conform(Path file) throws Exception {
        return KUBECONFORM.run(
                "-strict",
                "-summary",
                // A kind of the Prometheus operator, which the cluster need not have.
                "-skip",
                "ServiceMonitor",
                "-schema-location",
                schemas + "/{{.ResourceKind}}{{.KindSuffix}}.json",
                file.toString());
    }
}
