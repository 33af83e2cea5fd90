package dev.prompttuning.localcluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WriteTest {
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

    @Test
    void aPatchThatChangesNothingMakesNoVersion() {
        http.post(CONFIG_MAPS, Http.configMap("a", ""));
        String path = CONFIG_MAPS + "/a";
        http.merge(path, "{\"data\":{\"k\":\"v\"}}");
        http.apply(path, "me", "{apiVersion: v1, kind: ConfigMap, data: {own: x}}");
        String version = http.version(CONFIG_MAPS);
        http.merge(path, "{\"data\":{\"k\":\"v\"}}");
        http.apply(path, "me", "{apiVersion: v1, kind: ConfigMap, data: {own: x}}");
        assertEquals(version, http.version(CONFIG_MAPS));
    }

    @Test
    void anUpdateOfAnOlderVersionConflicts() {
        http.post(CONFIG_MAPS, Http.configMap("a", ""));
        Http.Reply reply = http.send(
                "PUT", CONFIG_MAPS + "/a", "application/json", Http.configMap("a", ",\"resourceVersion\":\"1\""));
        assertEquals(409, reply.code());
        assertEquals(409, http.post(CONFIG_MAPS, Http.configMap("a", "")).code());
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
        String uid =
                Json.uid(http.post(CONFIG_MAPS, Http.configMap("owner", "")).body());
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
}
