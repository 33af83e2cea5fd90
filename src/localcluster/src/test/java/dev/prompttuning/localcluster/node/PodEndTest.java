package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class PodEndTest {

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
    void deletionAsksFirst() throws Exception {
        var folder = node.folder("graceful");
        var pod = node.run(
                "polite",
                "trap 'echo bye > " + folder + "/bye; exit 0' TERM; touch " + folder
                        + "/up; while true; do sleep 0.05; done",
                "",
                "terminationGracePeriodSeconds: 30");
        node.awaitTrue("up", () -> Files.exists(folder.resolve("up")));
        var start = Instant.now();
        node.client().resource(pod).delete();
        node.awaitGone(pod);
        assertEquals("bye\n", Files.readString(folder.resolve("bye")));
        assertTrue(Duration.between(start, Instant.now()).toSeconds() < 25);
    }

    @Test
    void deletionEndsWhatDoesNotListen() {
        var folder = node.folder("stubborn");
        var pod = node.run(
                "stubborn",
                "trap '' TERM; sleep 1000 & echo $! > " + folder + "/child; echo $$ > " + folder
                        + "/pid; while true; do sleep 0.05; done",
                "",
                "terminationGracePeriodSeconds: 1");
        var process = node.process(folder.resolve("pid"));
        var child = node.process(folder.resolve("child"));
        node.client().resource(pod).delete();
        node.awaitGone(pod);
        node.awaitTrue("dead", () -> !process.isAlive() && !child.isAlive());
    }

    @Test
    void aFailedLivenessProbeRestarts() {
        var health = node.create(
                ConfigMap.class, "{apiVersion: v1, kind: ConfigMap, metadata: {name: health}, data: {ok: 'yes'}}");
        var pod = node.create(
                Pod.class,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: unwell}
                spec:
                  terminationGracePeriodSeconds: 5
                  containers:
                  - name: main
                    image: web
                    ports: [{name: http, containerPort: 8080}]
                    env: [{name: READY_FILE, value: /health/ok}]
                    startupProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1, failureThreshold: 60}
                    livenessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1, failureThreshold: 1}
                    volumeMounts: [{name: health, mountPath: /health}]
                  volumes: [{name: health, configMap: {name: health}}]
                """);
        node.await(pod, Pods::isReady);
        node.edit(health, now -> now.setData(Map.of("ok", "no")));
        var again = node.await(
                pod,
                now -> TestNode.main(now).getRestartCount() == 1
                        && TestNode.main(now).getState().getRunning() != null);
        assertEquals(143, TestNode.main(again).getLastState().getTerminated().getExitCode());
        assertFalse(Pods.isReady(again));
        node.client().resource(pod).withGracePeriod(0).delete();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nested | volumeMounts: [{name: a, mountPath: /data}, {name: a, mountPath: /data/in}] |"
                        + " volumes: [{name: a, emptyDir: {}}] | side by side",
                "part | volumeMounts: [{name: a, mountPath: /data, subPath: b}] | volumes: [{name: a, emptyDir: {}}] |"
                        + " no subPath",
                "secret | volumeMounts: [{name: a, mountPath: /data}] | volumes: [{name: a, secret: {secretName: s}}] |"
                        + " volumes: persistentVolumeClaim",
                "items | imagePullPolicy: Always | volumes: [{name: a, configMap: {name: c, items: [{key: k, path: p}]}}] |"
                        + " without items",
                "init | imagePullPolicy: Always | initContainers: [{name: first, image: sh}] | no initContainers",
                "from | envFrom: [{secretRef: {name: s}}] | restartPolicy: Never | no envFrom",
                "field | env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}] | restartPolicy: Never |"
                        + " secretKeyRef",
                "mount | volumeMounts: [{name: a, mountPath: /data}] | restartPolicy: Never | of volumes of the pod",
                "probe | livenessProbe: {tcpSocket: {port: 80}} | restartPolicy: Never | httpGet",
            })
    void refusesWhatItDoesNotHave(String name, String container, String spec, String has) {
        var refusal = node.refusal(node.run("refused-" + name, "true", container, spec));
        assertTrue(refusal.contains(has), refusal);
    }
}
