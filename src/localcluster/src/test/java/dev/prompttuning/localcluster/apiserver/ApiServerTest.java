package dev.prompttuning.localcluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ApiServerTest {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    private ApiServer server;
    private Http http;

    @BeforeEach
    void start() {
        server = ApiServer.start(20);
        http = new Http(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void discoveryIsPlainToClientsThatWouldRatherHaveItAggregated() {
        Http.Reply groups = http.get(
                "/apis",
                "Accept",
                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");
        assertEquals(
                "application/json",
                groups.raw().headers().firstValue("Content-Type").orElseThrow());
        assertEquals("APIGroupList", groups.body().path("kind").asText());
        assertEquals("APIVersions", http.get("/api").body().path("kind").asText());
        assertEquals(
                "APIResourceList",
                http.get("/apis/batch/v1").body().path("kind").asText());
        assertEquals(404, http.get("/apis/nothing.dev/v1/things").code());
    }

    @Test
    void openApiV2IsAnEmptyProtobufMessage() {
        Http.Reply reply = http.get("/openapi/v2");
        assertEquals(200, reply.code());
        assertEquals("", reply.raw().body());
        assertTrue(reply.raw().headers().firstValue("Content-Type").orElse("").contains("protobuf"));
    }

    @Test
    void aWatchSendsItsHeadUncompressedBeforeAnyEvent() throws Exception {
        var response = http.open(CONFIG_MAPS + "?watch=true&resourceVersion=" + http.version(CONFIG_MAPS));
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Encoding").isEmpty());
        http.post(CONFIG_MAPS, Http.configMap("a", ""));
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            JsonNode event = Json.parse(lines.readLine());
            assertEquals("ADDED", event.path("type").asText());
            assertEquals("a", Json.name(event.path("object")));
        }
    }

    @Test
    void aWatchTooFarBackIsExpired() {
        String before = http.version(CONFIG_MAPS);
        for (int i = 0; i < 25; i++) {
            http.post(CONFIG_MAPS, Http.configMap("m" + i, ""));
        }
        Http.Reply reply = http.get(CONFIG_MAPS + "?watch=true&resourceVersion=" + before);
        assertEquals("ERROR", reply.body().path("type").asText());
        assertEquals(410, Json.at(reply.body(), "object", "code").asInt());
    }

    @Test
    void bookmarksTellWhereAWatchStands() {
        Http.Reply reply =
                http.get(CONFIG_MAPS + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&timeoutSeconds=1");
        assertEquals("BOOKMARK", reply.body().path("type").asText());
        assertFalse(Json.at(reply.body(), "object", "metadata", "annotations").isEmpty());
    }

    @Test
    void selectorsOfSetsAndFields() {
        for (String color : new String[] {"red", "green", "blue"}) {
            http.post(CONFIG_MAPS, Http.configMap(color, ",\"labels\":{\"color\":\"%s\"}".formatted(color)));
        }
        assertEquals(
                2,
                http.get(CONFIG_MAPS + "?labelSelector=color%20in%20(red,blue)")
                        .body()
                        .path("items")
                        .size());
        assertEquals(
                1,
                http.get(CONFIG_MAPS + "?labelSelector=color,color!=red,color!=blue")
                        .body()
                        .path("items")
                        .size());
        assertEquals(
                1,
                http.get(CONFIG_MAPS + "?fieldSelector=metadata.name=red")
                        .body()
                        .path("items")
                        .size());
    }

    @Test
    void webPagesAndProtobufAreRefused() {
        assertEquals(403, http.get(CONFIG_MAPS, "Origin", "http://example.org").code());
        Http.Reply protobuf = http.send("POST", CONFIG_MAPS, "application/vnd.kubernetes.protobuf", "k8s");
        assertEquals(415, protobuf.code());
        assertTrue(protobuf.message().contains("kubectl apply"));
    }

    @Test
    void fabric8WatchesOverAWebSocket() throws Exception {
        try (KubernetesClient client = server.client();
                var informer = client.configMaps().inNamespace("default").inform()) {
            ConfigMap made = client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("seen")
                            .withNamespace("default")
                            .endMetadata()
                            .addToData("k", "v")
                            .build())
                    .create();
            client.configMaps().withName("seen").waitUntilCondition(map -> map != null, 60, TimeUnit.SECONDS);
            org.awaitility.Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> informer.getStore().list().stream().anyMatch(made::equals));
            client.resource(made)
                    .edit(map -> new ConfigMapBuilder(map).addToData("k", "w").build());
            assertEquals(
                    "w", client.configMaps().withName("seen").get().getData().get("k"));
            client.resource(made).delete();
            org.awaitility.Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> informer.getStore().list().isEmpty());
        }
    }

    @Test
    void informersFollowStatusesOfWhatTheySelect() {
        try (KubernetesClient client = server.client()) {
            Pod pod = client.resource(new PodBuilder()
                            .withNewMetadata()
                            .withName("p")
                            .withNamespace("default")
                            .addToLabels("app.kubernetes.io/name", "a")
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("c")
                            .endContainer()
                            .endSpec()
                            .build())
                    .create();
            try (var informer = client.pods()
                    .inNamespace("default")
                    .withLabelSelector("app.kubernetes.io/name=a")
                    .inform()) {
                pod.getMetadata().setResourceVersion(null);
                pod.setStatus(new PodStatusBuilder().withPhase("Running").build());
                client.resource(pod).patchStatus();
                assertEquals("Running", client.resource(pod).get().getStatus().getPhase());
                org.awaitility.Awaitility.await()
                        .atMost(60, TimeUnit.SECONDS)
                        .until(() -> informer.getStore().list().stream()
                                .anyMatch(seen -> seen.getStatus().getPhase().equals("Running")));
            }
        }
    }
}
