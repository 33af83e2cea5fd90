package dev.prompttuning.e2e;

import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.tuning.PromptTuningJob;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A namespace of one test class, deleted with all in it at the end. */
public final class TestNamespace implements AutoCloseable {
    private final KubernetesClient client;
    private final String name;
    private final Program kubectl;

    private TestNamespace(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
        this.kubectl = Installation.kubectl(name);
    }

    public static TestNamespace create(KubernetesClient client, String purpose) {
        var namespace = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("e2e-" + purpose + "-")
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        return new TestNamespace(client, namespace.getMetadata().getName());
    }

    public String name() {
        return name;
    }

    public KubernetesClient client() {
        return client;
    }

    /** kubectl in this namespace. */
    public Program kubectl() {
        return kubectl;
    }

    /** {@code kubectl apply -f -}. */
    public String apply(String yaml) {
        return kubectl.feed(yaml.getBytes(StandardCharsets.UTF_8), "apply", "-f", "-")
                .text();
    }

    /** A claim of the cluster's default storage class. */
    public void claim(String claimName) {
        claim(claimName, null);
    }

    /** @param storageClass null for the cluster's default */
    public void claim(String claimName, String storageClass) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(claimName)
                        .withNamespace(name)
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withStorageClassName(storageClass)
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("64Mi")))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    /** Opens claims for reading and writing. */
    public ClaimFiles files(String... claimNames) {
        return ClaimFiles.open(this, List.of(claimNames));
    }

    public PromptTuningJob job(String jobName) {
        return client.resources(PromptTuningJob.class)
                .inNamespace(name)
                .withName(jobName)
                .get();
    }

    public AdapterServe serve(String serveName) {
        return client.resources(AdapterServe.class)
                .inNamespace(name)
                .withName(serveName)
                .get();
    }

    /** The newest pod of a job or server, ended or not. */
    public Optional<Pod> pod(String instance) {
        return pods(instance).stream()
                .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()));
    }

    /** The pods of a job or server. */
    public List<Pod> pods(String instance) {
        return client.pods()
                .inNamespace(name)
                .withLabel("app.kubernetes.io/instance", instance)
                .list()
                .getItems();
    }

    /** The reasons of the events of a resource, in the order they were told. */
    public List<String> eventReasons(HasMetadata resource) {
        return client
                .v1()
                .events()
                .inNamespace(name)
                .withField("involvedObject.uid", resource.getMetadata().getUid())
                .list()
                .getItems()
                .stream()
                .sorted(Comparator.comparingLong(
                        event -> Long.parseLong(event.getMetadata().getResourceVersion())))
                .map(event -> event.getReason())
                .toList();
    }

    @Override
    public void close() {
        client.namespaces().withName(name).delete();
    }
}
