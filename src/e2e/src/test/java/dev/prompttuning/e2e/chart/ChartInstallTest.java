package dev.prompttuning.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
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
