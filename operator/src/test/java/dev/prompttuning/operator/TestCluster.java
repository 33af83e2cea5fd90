package dev.prompttuning.operator;

import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.localcluster.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.dependent.DependentResourceSpec;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResourceFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** An API server with our CRDs and a reconciler on it; pods and Jobs are what the test says they are. */
public final class TestCluster implements AutoCloseable {
    public static final String NAMESPACE = "team-a";

    public final KubernetesClient client;
    private final ApiServer server = ApiServer.start();
    private final Operator operator;

    /** @param inject fills what a container would inject into dependents */
    public TestCluster(ReconcilerOf reconciler, Consumer<DependentResource<?, ?>> inject) throws IOException {
        client = server.client();
        for (Class<? extends CustomResource<?, ?>> type : CRDS) {
            Path file =
                    Path.of(System.getProperty("project.root"), "crds", CustomResource.getCRDName(type) + "-v1.yml");
            client.resource(Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class))
                    .create();
        }
        client.resource(new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        operator = new Operator(overrides -> overrides
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withDependentResourceFactory(new Injecting(inject)));
        operator.register(reconciler.on(client));
        operator.start();
    }

    private static final java.util.List<Class<? extends CustomResource<?, ?>>> CRDS =
            java.util.List.of(PromptTuningJob.class, AdapterServe.class);

    /** Makes the reconciler that is tested. */
    public interface ReconcilerOf {
        Reconciler<?> on(KubernetesClient client);
    }

    /** Waits long, because a busy machine is slow. */
    public static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    public void claim(String name) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .withRequests(Map.of("storage", new Quantity("1Gi")))
                        .endResources()
                        .endSpec()
                        .build())
                .create();
    }

    /** Sets the status of a pod or Job or Deployment, as its controller would. */
    public <T extends HasMetadata> void status(T resource) {
        resource.getMetadata().setResourceVersion(null);
        client.resource(resource).patchStatus();
    }

    /** Creates the pod that a controller would have made of {@code template}. */
    public Pod pod(String name, Map<String, String> labels, Map<String, String> annotations) {
        return client.resource(new io.fabric8.kubernetes.api.model.PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .withLabels(labels)
                        .withAnnotations(annotations)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("train")
                        .withImage("trainer:cpu")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    @Override
    public void close() {
        operator.stop();
        client.close();
        server.close();
    }

    private record Injecting(Consumer<DependentResource<?, ?>> inject)
            implements DependentResourceFactory<ControllerConfiguration<?>, DependentResourceSpec<?, ?, ?>> {
        @Override
        public DependentResource<?, ?> createFrom(
                DependentResourceSpec<?, ?, ?> spec, ControllerConfiguration<?> configuration) {
            DependentResource<?, ?> dependent = DependentResourceFactory.super.createFrom(spec, configuration);
            inject.accept(dependent);
            return dependent;
        }
    }
}
