package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
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
class PodTest {

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Pod run(String name, String script, String container, String spec) {
        return node.create(
                Pod.class,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  %s
                  containers:
                  - name: main
                    image: sh
                    args: [%s]
                    %s
                """
                        .formatted(name, spec, TestNode.quoted(script), container));
    }

    private static Pod ended(Pod pod) {
        return node.await(pod, Pods::hasEnded);
    }

    private static ContainerStatus main(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0);
    }

    private static String log(Pod pod) {
        return node.client()
                .pods()
                .inNamespace("default")
                .withName(pod.getMetadata().getName())
                .getLog();
    }

    @Test
    void tellsHowItEndedAndWhatItSaid() {
        var pod = run(
                "failing",
                "echo first; echo oh no >&2; echo last words > $POD_ROOT/dev/termination-log; exit 7",
                "",
                "restartPolicy: Never");
        var end = main(ended(pod)).getState().getTerminated();
        assertEquals(7, end.getExitCode());
        assertEquals("Error", end.getReason());
        assertEquals("last words\n", end.getMessage());
        assertEquals("first\noh no\n", log(pod));
        assertEquals(
                "oh no\n",
                node.client()
                        .pods()
                        .inNamespace("default")
                        .withName("failing")
                        .tailingLines(1)
                        .getLog());
    }

    @Test
    void restartsAndKeepsThePreviousLog() {
        var folder = node.folder("restarts");
        var counting = "echo x >> " + folder + "/runs; n=$(wc -l < " + folder + "/runs); echo run $n; test $n -ge 3";
        var pod = ended(run("restarting", counting, "", "restartPolicy: OnFailure"));
        assertEquals("Succeeded", pod.getStatus().getPhase());
        assertEquals(2, main(pod).getRestartCount());
        assertEquals(1, main(pod).getLastState().getTerminated().getExitCode());
        var client = node.client().pods().inNamespace("default").withName("restarting");
        assertEquals("run 3\n", client.getLog());
        assertEquals("run 2\n", client.terminated().getLog());
    }

    @Test
    void unknownImagesWaitWithAReason() {
        var pod = node.create(
                Pod.class,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: unknown}
                spec: {containers: [{name: main, image: "ghcr.io/some/thing:1"}]}
                """);
        var waiting = main(node.await(
                        pod,
                        now -> !now.getStatus().getContainerStatuses().isEmpty()
                                && "ImagePullBackOff"
                                        .equals(main(now)
                                                .getState()
                                                .getWaiting()
                                                .getReason())))
                .getState()
                .getWaiting();
        assertTrue(waiting.getMessage().contains("ghcr.io/some/thing:1"), waiting.getMessage());
        node.client().resource(pod).delete();
        node.awaitGone(pod);
    }

    @Test
    void environmentComesFromEverywhere() {
        node.create(Secret.class, "{apiVersion: v1, kind: Secret, metadata: {name: env}, stringData: {token: s3cret}}");
        var container =
                """
                ports: [{containerPort: 8080}]
                    env:
                    - {name: TOKEN, valueFrom: {secretKeyRef: {name: env, key: token}}}
                    - {name: BOTH, value: "$(TOKEN)/$(PORT_8080)"}""";
        var pod = run(
                "environment", "echo $TOKEN $BOTH $PORT_8080 ${JAVA_TEST:-clean}", container, "restartPolicy: Never");
        var port = LocalPorts.local(ended(pod), 8080);
        assertTrue(port != 8080);
        assertEquals("s3cret s3cret/" + port + " " + port + " clean\n", log(pod));
    }

    @Test
    void claimsAreFoldersAndPodsWaitForThem() throws Exception {
        var preset = node.folder("preset");
        Files.writeString(preset.resolve("file"), "data\n");
        var pod = node.create(
                Pod.class,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: claims}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: sh
                    args: ['cat "$0" && echo result > "$1"', /in/file, /mnt/out/file]
                    volumeMounts: [{name: in, mountPath: /in}, {name: out, mountPath: /mnt/out}]
                  volumes:
                  - {name: in, persistentVolumeClaim: {claimName: preset}}
                  - {name: out, persistentVolumeClaim: {claimName: made}}
                """);
        assertEquals("persistentvolumeclaim \"preset\" not found", refusal(pod));

        claim("preset", "annotations: {localcluster.prompttuning.dev/folder: \"" + preset + "\"}");
        claim("made", "labels: {a: b}");
        assertEquals("Succeeded", ended(pod).getStatus().getPhase());
        assertEquals("data\n", log(pod));

        var second = run(
                "claims-again",
                "cat $POD_ROOT/data/file",
                "volumeMounts: [{name: v, mountPath: /data}]",
                "restartPolicy: Never\n  volumes: [{name: v, persistentVolumeClaim: {claimName: made}}]");
        assertEquals("Succeeded", ended(second).getStatus().getPhase());
        assertEquals("result\n", log(second));
        assertTrue(Files.exists(preset.resolve("file")));
    }

    private static PersistentVolumeClaim claim(String name, String metadata) {
        return node.create(
                PersistentVolumeClaim.class,
                """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %s, %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """
                        .formatted(name, metadata));
    }

    @Test
    void mountedConfigMapsFollowTheirSource() {
        var pod = run(
                "follows",
                "while ! grep -q two $POD_ROOT/etc/job/train.json; do sleep 0.05; done; ls $POD_ROOT/etc/job",
                "volumeMounts: [{name: c, mountPath: /etc/job}]",
                "restartPolicy: Never\n  volumes: [{name: c, configMap: {name: follows}}]");
        assertEquals("configmap \"follows\" not found", refusal(pod));
        var map = node.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: follows}, data: {train.json: one, old: x}}");
        node.await(pod, now -> "Running".equals(now.getStatus().getPhase()));
        node.edit(map, now -> now.setData(Map.of("train.json", "two")));
        assertEquals("Succeeded", ended(pod).getStatus().getPhase());
        assertEquals("train.json\n", log(pod));
    }

    @Test
    void logsAreFollowed() throws Exception {
        var folder = node.folder("follow");
        var pod = run(
                "talks",
                "echo one; while ! test -e " + folder + "/go; do sleep 0.05; done; echo two",
                "",
                "restartPolicy: Never");
        node.await(pod, now -> "Running".equals(now.getStatus().getPhase()));
        try (var watch = node.client()
                        .pods()
                        .inNamespace("default")
                        .withName("talks")
                        .watchLog();
                var lines = new BufferedReader(new InputStreamReader(watch.getOutput()))) {
            assertEquals("one", lines.readLine());
            Files.createFile(folder.resolve("go"));
            assertEquals("two", lines.readLine());
            assertEquals(null, lines.readLine());
        }
    }

    @Test
    void deletionAsksFirst() throws Exception {
        var folder = node.folder("graceful");
        var pod = run(
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
        var pod = run(
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
                now -> main(now).getRestartCount() == 1 && main(now).getState().getRunning() != null);
        assertEquals(143, main(again).getLastState().getTerminated().getExitCode());
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
        var refusal = refusal(run("refused-" + name, "true", container, spec));
        assertTrue(refusal.contains(has), refusal);
    }

    /** Why the container is not started. */
    private static String refusal(Pod pod) {
        var waiting = node.await(
                pod,
                now -> !now.getStatus().getContainerStatuses().isEmpty()
                        && main(now).getState().getWaiting() != null
                        && main(now).getState().getWaiting().getMessage() != null);
        assertEquals("Pending", waiting.getStatus().getPhase());
        assertEquals(
                "CreateContainerConfigError",
                main(waiting).getState().getWaiting().getReason());
        return main(waiting).getState().getWaiting().getMessage();
    }
}
