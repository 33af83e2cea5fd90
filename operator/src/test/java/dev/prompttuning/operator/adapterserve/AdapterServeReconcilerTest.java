package dev.prompttuning.operator.adapterserve;

import static dev.prompttuning.operator.TestCluster.NAMESPACE;
import static dev.prompttuning.operator.TestCluster.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.prompttuning.api.serving.AdapterServe;
import dev.prompttuning.api.tuning.PromptTuningJob;
import dev.prompttuning.operator.Labels;
import dev.prompttuning.operator.TestCluster;
import dev.prompttuning.operator.TestDefaults;
import dev.prompttuning.operator.pod.PodClient;
import dev.prompttuning.operator.status.Conditions;
import dev.prompttuning.operator.status.Transitions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdapterServeReconcilerTest {
    private static final String SERVE =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: AdapterServe
            metadata: {name: movies, namespace: team-a}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: work, path: model}
              adapters:
              - {name: movies, job: {name: movies}}
            """;
    private static final String JOB =
            """
            apiVersion: prompttuning.dev/v1alpha1
            kind: PromptTuningJob
            metadata: {name: movies, namespace: team-a}
            spec:
              baseModel:
                persistentVolumeClaim: {claimName: work, path: model}
              method:
                promptTuning: {numVirtualTokens: 20}
              dataset:
                train:
                  persistentVolumeClaim: {claimName: work, path: rows.jsonl}
              output:
                persistentVolumeClaim: {claimName: work}
            """;
    private static final String COMPLETE =
            """
            status:
              phase: Succeeded
              conditions:
              - {type: Complete, status: "True", reason: AdapterWritten}
              adapter: {claimName: work, path: movies, digest: "sha256:1"}
            """;

    private TestCluster cluster;
    private HttpServer server;
    private volatile String loaded = "{\"adapters\":[]}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/adapters", exchange -> {
            byte[] body = loaded.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        cluster = new TestCluster(
                client -> new AdapterServeReconciler(
                        new Observer(new PodClient()),
                        new Transitions(client, new SimpleMeterRegistry(), Clock.systemUTC()),
                        Clock.systemUTC()),
                dependent -> {
                    if (dependent instanceof ServerDeployment deployment) {
                        deployment.defaults = TestDefaults.DEFAULTS;
                    }
                });
    }

    @AfterEach
    void stop() {
        cluster.close();
        server.stop(0);
    }

    @Test
    void adapterJoinsWhenItsJobIsComplete() {
        cluster.claim("work");
        PromptTuningJob job = cluster.client
                .resource(Serialization.unmarshal(JOB, PromptTuningJob.class))
                .create();
        cluster.client
                .resource(Serialization.unmarshal(SERVE, AdapterServe.class))
                .create();
        Deployment deployment = deployment();
        assertTrue(!adapterList().contains("sha256:1"), adapterList());
        ready(deployment);
        eventually().until(() -> "1/1".equals(current().getStatus().readyText()));
        assertEquals("0/1", current().getStatus().adaptersText());
        assertTrue(Conditions.isTrue(current().getStatus().conditions(), "Available"));

        job.setStatus(
                Serialization.unmarshal(JOB + COMPLETE, PromptTuningJob.class).getStatus());
        cluster.status(job);
        eventually().until(() -> adapterList().contains("sha256:1"));
        loaded = "{\"adapters\":[{\"name\":\"movies\",\"state\":\"Loaded\",\"digest\":\"sha256:1\"}]}";
        eventually().until(() -> "1/1".equals(current().getStatus().adaptersText()));
        assertTrue(Conditions.isTrue(current().getStatus().conditions(), "AdaptersLoaded"));
        assertEquals(
                deployment.getMetadata().getGeneration(),
                deployment().getMetadata().getGeneration(),
                "an adapter on a mounted claim must not restart pods");

        cluster.client.resource(current()).delete();
        eventually()
                .until(() -> cluster.client
                                .resources(Deployment.class)
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems()
                                .isEmpty()
                        && cluster.client
                                .services()
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems()
                                .isEmpty()
                        && cluster.client
                                .resources(ConfigMap.class)
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems()
                                .isEmpty());
    }

    @Test
    void adapterThatFailsIsExplained() {
        cluster.claim("work");
        loaded = "{\"adapters\":[{\"name\":\"movies\",\"state\":\"Failed\",\"message\":\"It is for another model.\"}]}";
        String onVolume = "persistentVolumeClaim: {claimName: work, path: movies}";
        cluster.client
                .resource(Serialization.unmarshal(SERVE.replace("job: {name: movies}", onVolume), AdapterServe.class))
                .create();
        ready(deployment());
        eventually().until(() -> Conditions.find(current().getStatus().conditions(), "AdaptersLoaded")
                .filter(condition -> condition.getReason().equals("SomeFailed"))
                .isPresent());
        assertEquals(
                "It is for another model.",
                current().getStatus().adapters().get(0).message());
    }

    @Test
    void restWritesNothing() {
        cluster.claim("work");
        cluster.client
                .resource(Serialization.unmarshal(SERVE, AdapterServe.class))
                .create();
        Deployment deployment = deployment();
        eventually().until(() -> current().getStatus() != null);
        eventually()
                .until(() -> cluster.client
                                .services()
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems()
                                .size()
                        == 1);
        String version = current().getMetadata().getResourceVersion();
        cluster.claim("another");
        cluster.claim("third");
        eventually()
                .during(java.time.Duration.ofSeconds(2))
                .until(() -> version.equals(current().getMetadata().getResourceVersion())
                        && deployment
                                .getMetadata()
                                .getResourceVersion()
                                .equals(deployment().getMetadata().getResourceVersion()));
    }

    private AdapterServe current() {
        return cluster.client
                .resources(AdapterServe.class)
                .inNamespace(NAMESPACE)
                .withName("movies")
                .get();
    }

    private Deployment deployment() {
        var deployments = cluster.client.resources(Deployment.class).inNamespace(NAMESPACE);
        eventually().until(() -> deployments.list().getItems().size() == 1);
        return deployments.list().getItems().get(0);
    }

    private String adapterList() {
        return cluster.client
                .configMaps()
                .inNamespace(NAMESPACE)
                .withName("movies-serve")
                .get()
                .getData()
                .get("adapters.json");
    }

    private void ready(Deployment deployment) {
        String port = String.valueOf(server.getAddress().getPort());
        Pod pod = cluster.pod(
                "movies-1",
                Labels.of(current(), Labels.SERVER),
                Map.of("localcluster.prompttuning.dev/port-8080", port));
        cluster.status(new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("127.0.0.1")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
        cluster.status(new DeploymentBuilder(deployment)
                .withNewStatus()
                .withReplicas(1)
                .withReadyReplicas(1)
                .withUpdatedReplicas(1)
                .endStatus()
                .build());
    }
}
