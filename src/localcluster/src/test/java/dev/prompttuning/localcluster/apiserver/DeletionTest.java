package dev.prompttuning.localcluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeletionTest {
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
    void finalizersHoldAnObjectUntilTheyGo() {
        http.post(CONFIG_MAPS, Http.configMap("a", ",\"finalizers\":[\"test.dev/hold\"]"));
        http.delete(CONFIG_MAPS + "/a", "");
        assertTrue(Deletion.isDeleting(http.get(CONFIG_MAPS + "/a").body()));
        http.merge(CONFIG_MAPS + "/a", "{\"metadata\":{\"finalizers\":null}}");
        assertEquals(404, http.get(CONFIG_MAPS + "/a").code());
    }

    @Test
    void dependentsGoWithTheirOwner() {
        for (String policy : new String[] {"Background", "Foreground", "Orphan"}) {
            String uid =
                    Json.uid(http.post(CONFIG_MAPS, Http.configMap("owner", "")).body());
            String reference =
                    ",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\"%s\"}]";
            http.post(CONFIG_MAPS, Http.configMap("dependent", reference.formatted(uid)));
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
        String held = Http.configMap("held", ",\"finalizers\":[\"test.dev/hold\"]");
        http.post("/api/v1/namespaces/n/configmaps", held);
        http.post("/api/v1/namespaces/n/configmaps", Http.configMap("free", ""));
        http.delete("/api/v1/namespaces/n", "");
        assertEquals(404, http.get("/api/v1/namespaces/n/configmaps/free").code());
        assertEquals("Terminating", Json.text(http.get("/api/v1/namespaces/n").body(), "status", "phase"));
        assertEquals(
                403,
                http.post("/api/v1/namespaces/n/configmaps", Http.configMap("late", ""))
                        .code());
        http.merge("/api/v1/namespaces/n/configmaps/held", "{\"metadata\":{\"finalizers\":[]}}");
        assertEquals(404, http.get("/api/v1/namespaces/n").code());
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
}
