package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DeploymentTest {

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void servesRollsOutScalesAndGoes() throws Exception {
        node.create(
                ConfigMap.class, "{apiVersion: v1, kind: ConfigMap, metadata: {name: switch}, data: {ready: 'no'}}");
        var service = node.create(
                Service.class,
                """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
                """);
        var deployment = node.create(
                Deployment.class,
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      terminationGracePeriodSeconds: 5
                      containers:
                      - name: web
                        image: web
                        ports: [{name: http, containerPort: 8080}]
                        env: [{name: REPLY, value: first}, {name: READY_FILE, value: /switch/ready}]
                        readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1}
                        volumeMounts: [{name: switch, mountPath: /switch}]
                      volumes: [{name: switch, configMap: {name: switch}}]
                """);

        // Runs, but is not ready: the Service has no one to ask.
        node.awaitTrue("running", () -> pods().stream()
                .anyMatch(pod -> "Running".equals(pod.getStatus().getPhase())));
        var url = node.await(
                        service,
                        now -> now.getMetadata().getAnnotations() != null
                                && now.getMetadata().getAnnotations().containsKey(ServiceController.URL))
                .getMetadata()
                .getAnnotations()
                .get(ServiceController.URL);
        assertEquals(url, node.cluster().url("default", "web"));
        assertEquals("nothing", ask(url));
        assertEquals(0, node.client().resource(deployment).get().getStatus().getReadyReplicas());

        node.client().configMaps().withName("switch").edit(map -> {
            map.setData(Map.of("ready", "yes"));
            return map;
        });
        node.await(deployment, DeploymentTest::isComplete);
        node.awaitTrue("first", () -> ask(url).equals("first"));

        node.client().apps().deployments().withName("web").scale(2);
        node.await(deployment, now -> isComplete(now) && now.getStatus().getReadyReplicas() == 2);

        var before = names();
        node.edit(deployment, now -> now.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getEnv()
                .get(0)
                .setValue("second"));
        node.awaitTrue("no gap while rolling", () -> {
            assertFalse(ask(url).equals("nothing"));
            return isComplete(node.client().resource(deployment).get());
        });
        node.awaitTrue("old pods gone", () -> names().stream().noneMatch(before::contains) && pods().size() == 2);
        node.awaitTrue("second", () -> ask(url).equals("second"));

        node.client().apps().deployments().withName("web").scale(0);
        node.awaitTrue("none", () -> pods().isEmpty());
        assertEquals("nothing", ask(url));

        node.client().apps().deployments().withName("web").scale(1);
        node.awaitTrue("one", () -> pods().size() == 1);
        node.client().resource(deployment).delete();
        node.awaitTrue("collected", () -> pods().isEmpty());
    }

    private static boolean isComplete(Deployment deployment) {
        var status = deployment.getStatus();
        return status != null
                && deployment.getMetadata().getGeneration().equals(status.getObservedGeneration())
                && List.of(status.getReplicas(), status.getUpdatedReplicas(), status.getReadyReplicas()).stream()
                        .allMatch(deployment.getSpec().getReplicas()::equals);
    }

    private static List<Pod> pods() {
        return node.list(Pod.class, "app", "web");
    }

    private static List<String> names() {
        return pods().stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toList());
    }

    private static String ask(String url) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).build();
            var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            assertTrue(answer.statusCode() < 400);
            return answer.body();
        } catch (IOException closed) {
            return "nothing";
        }
    }
}
