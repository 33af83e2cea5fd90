package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.e2e.Eventually;
import dev.prompttuning.e2e.Installation;
import dev.prompttuning.e2e.SmallJob;
import dev.prompttuning.e2e.TestNamespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A release for one namespace, from its installation to its end, under Pod Security "restricted". */
class ChartInstallTest {
    private static final String RELEASE = "op";
    private static final ResourceDefinitionContext CRDS = new ResourceDefinitionContext.Builder()
            .withGroup("apiextensions.k8s.io")
            .withVersion("v1")
            .withKind("CustomResourceDefinition")
            .withPlural("customresourcedefinitions")
            .withNamespaced(false)
            .build();

    private final KubernetesClient client = new KubernetesClientBuilder().build();
    private final Helm helm = new Helm();
    private String namespace;

    @BeforeEach
    void makeNamespace() {
        namespace = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("chart-")
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
    }

    @AfterEach
    void deleteNamespace() {
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Test
    void installsUpgradesAndLeavesOnlyTheCrds() throws Exception {
        String notes = helm.install(RELEASE, namespace, settings("INFO"));
        assertTrue(notes.contains("kubectl"), notes);
        Pod first = pod();
        helm.upgrade(RELEASE, namespace, settings("DEBUG"));
        assertNotEquals(
                first.getMetadata().getUid(), pod().getMetadata().getUid(), "another configuration, another pod");
        looksAfterItsNamespaceOnly(pod());

        List<String> installed = present(helm.manifest(RELEASE, namespace));
        assertTrue(installed.contains("Deployment " + RELEASE + "-prompt-tuning-operator"), installed::toString);
        String manifest = helm.manifest(RELEASE, namespace);
        helm.uninstall(RELEASE, namespace);
        assertEquals(List.of(), present(manifest));
        for (String crd : List.of("prompttuningjobs", "adapterserves")) {
            String name = crd + ".prompttuning.dev";
            assertTrue(client.genericKubernetesResources(CRDS).withName(name).get() != null, name);
        }
    }

    /**
     * Another release may look after all namespaces and be the first to tell of a job, so it is the log of everything that tells
     * what this one looks at.
     */
    private void looksAfterItsNamespaceOnly(Pod operator) {
        try (TestNamespace other = TestNamespace.create(client, "chart-other")) {
            other.apply(SmallJob.named("foreign-job").output("nowhere").yaml());
            byte[] own = SmallJob.named("watched-job").output("nowhere").yaml().getBytes(StandardCharsets.UTF_8);
            Installation.kubectl(namespace).feed(own, "apply", "-f", "-");
            String told = Eventually.get(
                    "the operator to look at its job", Duration.ofMinutes(1), () -> Optional.of(log(operator))
                            .filter(log -> log.contains("watched-job")));
            assertFalse(told.contains("foreign-job"), "a job of another namespace is in the log");
            assertEquals(
                    List.of(),
                    told.lines().filter(line -> line.contains(" is forbidden")).toList());
        }
    }

    private String log(Pod pod) {
        return Installation.kubectl(namespace).run("logs", pod.getMetadata().getName());
    }

    /** What is applied without Helm, in this test's namespace, and as far as a server goes that then changes nothing. */
    @Test
    void theApiServerTakesThePlainManifests() throws IOException {
        String manifests = Files.readString(file("charts/manifests/install.yaml"))
                .replaceAll("(?m)(namespace|name): prompt-tuning$", "$1: " + namespace);
        assertTrue(manifests.contains("namespace: " + namespace), manifests);
        String applied = Installation.kubectl(namespace)
                .feed(
                        manifests.getBytes(StandardCharsets.UTF_8),
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--dry-run=server",
                        "-f",
                        file("crds").toString(),
                        "-f",
                        "-")
                .text();
        for (String kind : List.of("customresourcedefinition", "clusterrolebinding", "deployment", "service/")) {
            assertTrue(applied.contains(kind), applied);
        }
    }

    private static Path file(String name) {
        return Path.of(System.getProperty("project.root"), name);
    }

    private List<String> settings(String logLevel) {
        String image = System.getProperty("e2e.operatorImage");
        int tag = image.lastIndexOf(':');
        return List.of(
                "watchNamespaces={" + namespace + "}",
                "image.repository=" + image.substring(0, tag),
                "image.tag=" + image.substring(tag + 1),
                "logLevel=" + logLevel);
    }

    /** The operator's only pod, which is ready, since helm waited for it. */
    private Pod pod() {
        List<Pod> pods = client
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", "prompt-tuning-operator")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
        assertEquals(1, pods.size());
        return pods.get(0);
    }

    /** Those of the manifest's objects that the cluster has. */
    private List<String> present(String manifest) throws Exception {
        List<String> present = new ArrayList<>();
        for (var document : Rendered.documents(manifest)) {
            String kind = document.path("kind").asText();
            String name = document.at("/metadata/name").asText();
            if (client.resource(document.toString()).inNamespace(namespace).get() != null) {
                present.add(kind + " " + name);
            }
        }
        return present;
    }
}
