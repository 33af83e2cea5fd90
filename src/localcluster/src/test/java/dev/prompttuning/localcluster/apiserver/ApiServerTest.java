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
    private static final String PODS = "/api/v1/namespaces/default/pods";

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

    private String configMap(String name, String extra) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s}}".formatted(name, extra);
    }

    private String version(String path) {
        return Json.text(http.get(path).body(), "metadata", "resourceVersion");
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
        var response = http.open(CONFIG_MAPS + "?watch=true&resourceVersion=" + version(CONFIG_MAPS));
        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Encoding").isEmpty());
        http.post(CONFIG_MAPS, configMap("a", ""));
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            JsonNode event = Json.parse(lines.readLine());
            assertEquals("ADDED", event.path("type").asText());
            assertEquals("a", Json.name(event.path("object")));
        }
    }

    @Test
    void aWatchTooFarBackIsExpired() {
        String before = version(CONFIG_MAPS);
        for (int i = 0; i < 25; i++) {
            http.post(CONFIG_MAPS, configMap("m" + i, ""));
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
    void aPatchThatChangesNothingMakesNoVersion() {
        http.post(CONFIG_MAPS, configMap("a", ""));
        String path = CONFIG_MAPS + "/a";
        http.merge(path, "{\"data\":{\"k\":\"v\"}}");
        http.apply(path, "me", "{apiVersion: v1, kind: ConfigMap, data: {own: x}}");
        String version = version(CONFIG_MAPS);
        http.merge(path, "{\"data\":{\"k\":\"v\"}}");
        http.apply(path, "me", "{apiVersion: v1, kind: ConfigMap, data: {own: x}}");
        assertEquals(version, version(CONFIG_MAPS));
    }

    @Test
    void anUpdateOfAnOlderVersionConflicts() {
        http.post(CONFIG_MAPS, configMap("a", ""));
        Http.Reply reply =
                http.send("PUT", CONFIG_MAPS + "/a", "application/json", configMap("a", ",\"resourceVersion\":\"1\""));
        assertEquals(409, reply.code());
        assertEquals(409, http.post(CONFIG_MAPS, configMap("a", "")).code());
    }

    @Test
    void serverSideApplyKnowsDefaultedListKeys() {
        String pod =
                "{apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}}";
        assertEquals(201, http.apply(PODS + "/p", "me", pod).code());
        Http.Reply again = http.apply(PODS + "/p", "me", pod);
        JsonNode port = Json.at(again.body(), "spec", "containers").path(0).path("ports");
        assertEquals(1, port.size());
        assertEquals("TCP", port.path(0).path("protocol").asText());
        String managed = Json.at(again.body(), "metadata", "managedFields").toString();
        assertTrue(managed.contains("{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}"), managed);
    }

    @Test
    void serverSideApplyTakesOwnersAsAWhole() {
        String uid = Json.uid(http.post(CONFIG_MAPS, configMap("owner", "")).body());
        String owned = "{apiVersion: v1, kind: ConfigMap, metadata: {ownerReferences:"
                + " [{apiVersion: v1, kind: ConfigMap, name: owner, uid: %s, controller: %s}]}}";
        http.apply(CONFIG_MAPS + "/a", "me", owned.formatted(uid, "false"));
        JsonNode owners = Json.at(
                http.apply(CONFIG_MAPS + "/a", "me", owned.formatted(uid, "true"))
                        .body(),
                "metadata",
                "ownerReferences");
        assertEquals(1, owners.size());
        assertEquals("owner", owners.path(0).path("name").asText());
        assertTrue(owners.path(0).path("controller").asBoolean());
    }

    @Test
    void serverSideApplyRemovesWhatIsNoLongerApplied() {
        String path = CONFIG_MAPS + "/a";
        http.apply(path, "me", "{apiVersion: v1, kind: ConfigMap, data: {a: '1', b: '2'}}");
        http.merge(path + "?fieldManager=other", "{\"data\":{\"c\":\"3\"}}");
        JsonNode data = http.apply(path, "me", "{apiVersion: v1, kind: ConfigMap, data: {a: '1'}}")
                .body()
                .path("data");
        assertEquals(Json.parse("{\"a\":\"1\",\"c\":\"3\"}"), data);
    }

    @Test
    void serverSideApplyConflictsUnlessForced() {
        String path = CONFIG_MAPS + "/a";
        http.apply(path, "one", "{apiVersion: v1, kind: ConfigMap, data: {a: '1'}}");
        String other = "{apiVersion: v1, kind: ConfigMap, data: {a: '2'}}";
        Http.Reply refused = http.apply(path, "two", other);
        assertEquals(409, refused.code());
        assertEquals("Apply failed with 1 conflict: conflict with \"one\" using v1: .data.a", refused.message());
        assertEquals(200, http.apply(path, "two&force=true", other).code());
        assertEquals(
                409,
                http.apply(path, "one", "{apiVersion: v1, kind: ConfigMap, data: {a: '3'}}")
                        .code());
    }

    @Test
    void strategicPatchMergesContainersByName() {
        http.apply(
                PODS + "/p",
                "me",
                "{apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i}, {name: d, image: j}]}}");
        JsonNode containers = Json.at(
                http.send(
                                "PATCH",
                                PODS + "/p",
                                "application/strategic-merge-patch+json",
                                "{\"spec\":{\"containers\":[{\"name\":\"d\",\"image\":\"k\"},{\"name\":\"c\",\"$patch\":\"delete\"}]}}")
                        .body(),
                "spec",
                "containers");
        assertEquals(1, containers.size());
        assertEquals("k", containers.path(0).path("image").asText());
    }

    @Test
    void finalizersHoldAnObjectUntilTheyGo() {
        http.post(CONFIG_MAPS, configMap("a", ",\"finalizers\":[\"test.dev/hold\"]"));
        http.delete(CONFIG_MAPS + "/a", "");
        assertTrue(Deletion.isDeleting(http.get(CONFIG_MAPS + "/a").body()));
        http.merge(CONFIG_MAPS + "/a", "{\"metadata\":{\"finalizers\":null}}");
        assertEquals(404, http.get(CONFIG_MAPS + "/a").code());
    }

    @Test
    void dependentsGoWithTheirOwner() {
        for (String policy : new String[] {"Background", "Foreground", "Orphan"}) {
            String uid = Json.uid(http.post(CONFIG_MAPS, configMap("owner", "")).body());
            String reference =
                    ",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\"%s\"}]";
            http.post(CONFIG_MAPS, configMap("dependent", reference.formatted(uid)));
            http.delete(CONFIG_MAPS + "/owner", "{\"propagationPolicy\":\"%s\"}".formatted(policy));
            assertEquals(404, http.get(CONFIG_MAPS + "/owner").code(), policy);
            assertEquals(
                    policy.equals("Orphan") ? 200 : 404,
                    http.get(CONFIG_MAPS + "/dependent").code(),
                    policy);
        }
    }

    @Test
    void aNamespaceGoesWithItsContents() {
        http.post("/api/v1/namespaces", "{metadata: {name: n}}");
        String held = configMap("held", ",\"finalizers\":[\"test.dev/hold\"]");
        http.post("/api/v1/namespaces/n/configmaps", held);
        http.post("/api/v1/namespaces/n/configmaps", configMap("free", ""));
        http.delete("/api/v1/namespaces/n", "");
        assertEquals(404, http.get("/api/v1/namespaces/n/configmaps/free").code());
        assertEquals("Terminating", Json.text(http.get("/api/v1/namespaces/n").body(), "status", "phase"));
        assertEquals(
                403,
                http.post("/api/v1/namespaces/n/configmaps", configMap("late", ""))
                        .code());
        http.merge("/api/v1/namespaces/n/configmaps/held", "{\"metadata\":{\"finalizers\":[]}}");
        assertEquals(404, http.get("/api/v1/namespaces/n").code());
    }

    @Test
    void selectorsOfSetsAndFields() {
        for (String color : new String[] {"red", "green", "blue"}) {
            http.post(CONFIG_MAPS, configMap(color, ",\"labels\":{\"color\":\"%s\"}".formatted(color)));
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
    void aRunningPodWaitsForItsNode() {
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {nodeName: n, containers: [{name: c, image: i}]}}";
        http.post(PODS, pod);
        http.delete(PODS + "/p", "");
        assertEquals(
                30,
                Json.at(http.get(PODS + "/p").body(), "metadata", "deletionGracePeriodSeconds")
                        .asInt());
        http.delete(PODS + "/p", "{\"gracePeriodSeconds\":0}");
        assertEquals(404, http.get(PODS + "/p").code());
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
