package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders is what is committed. With {@code -Dchart.update} the files are written anew. */
class ChartTemplateTest {
    private static final String RELEASE = "prompt-tuning-operator";
    private static final String NAMESPACE = "prompt-tuning";
    private static final String UPDATE = "mvn -f src/e2e/pom.xml test -Pe2e -Dtest=ChartTemplateTest -Dchart.update";
    private static final Path MANIFEST =
            Path.of(System.getProperty("project.root"), "charts", "manifests", "install.yaml");
    private static final String HEADER =
            """
            # The operator without Helm, for all namespaces: what the chart renders with its defaults.
            # Install the CRDs first: kubectl apply --server-side -f crds/ -f charts/manifests/install.yaml
            apiVersion: v1
            kind: Namespace
            metadata:
              name: prompt-tuning
              labels:
                pod-security.kubernetes.io/enforce: restricted
            """;

    private final Helm helm = new Helm();

    static List<Path> cases() throws IOException {
        return ChartCases.valid();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lintHasNothingToSay(Path values) throws Exception {
        assertTrue(helm.lint(values).contains("0 chart(s) failed"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersWhatIsCommitted(Path values) throws Exception {
        check(helm.template(RELEASE, NAMESPACE, values), ChartCases.output(values));
    }

    @Test
    void manifestsAreTheChartWithItsDefaults() throws Exception {
        String rendered = helm.template(RELEASE, NAMESPACE, Helm.CHART.resolve("values.yaml"));
        check(HEADER + rendered.replaceAll("(?m)^.*(managed-by: Helm|helm\\.sh/chart: ).*\n", ""), MANIFEST);
    }

    @Test
    void aPackedChartHoldsTheCrds(@TempDir Path folder) throws Exception {
        helm.pack(folder);
        try (Stream<Path> packed = Files.list(folder)) {
            String crds = helm.crds(packed.findFirst().orElseThrow());
            assertEquals(
                    List.of("adapterserves.prompttuning.dev", "prompttuningjobs.prompttuning.dev"),
                    Rendered.documents(crds).stream()
                            .map(crd -> crd.at("/metadata/name").asText())
                            .sorted()
                            .toList());
        }
    }

    /** The configuration is read at start. */
    @Test
    void anotherConfigurationMakesAnotherPod() throws Exception {
        String before = hash(Helm.CHART.resolve("values.yaml"));
        assertNotEquals(before, hash(ChartCases.FOLDER.resolve("in-everything.yaml")));
        assertEquals(before, hash(ChartCases.FOLDER.resolve("in-bare.yaml")));
    }

    private String hash(Path values) throws Exception {
        return Rendered.documents(helm.template(RELEASE, NAMESPACE, values)).stream()
                .filter(document -> document.path("kind").asText().equals("Deployment"))
                .map(deployment -> deployment
                        .at("/spec/template/metadata/annotations")
                        .path("prompttuning.dev/config")
                        .asText())
                .findFirst()
                .orElseThrow();
    }

    private static void check(String rendered, Path committed) throws IOException {
        if (System.getProperty("chart.update") != null) {
            Files.createDirectories(committed.getParent());
            Files.writeString(committed, rendered);
        }
        assertTrue(Files.exists(committed), () -> committed + " is missing: run " + UPDATE);
        assertEquals(Files.readString(committed), rendered, () -> committed + " differs from the chart: run " + UPDATE);
    }
}
