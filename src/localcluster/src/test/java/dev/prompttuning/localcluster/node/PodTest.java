package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    @Test
    void tellsHowItEndedAndWhatItSaid() {
        var pod = node.run(
                "failing",
                "echo first; echo oh no >&2; echo last words > $POD_ROOT/dev/termination-log; exit 7",
                "",
                "restartPolicy: Never");
        var end = TestNode.main(node.ended(pod)).getState().getTerminated();
        assertEquals(7, end.getExitCode());
        assertEquals("Error", end.getReason());
        assertEquals("last words\n", end.getMessage());
        assertEquals("first\noh no\n", node.log(pod));
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
        var pod = node.ended(node.run("restarting", counting, "", "restartPolicy: OnFailure"));
        assertEquals("Succeeded", pod.getStatus().getPhase());
        assertEquals(2, TestNode.main(pod).getRestartCount());
        assertEquals(1, TestNode.main(pod).getLastState().getTerminated().getExitCode());
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
        var waiting = TestNode.main(node.await(
                        pod,
                        now -> !now.getStatus().getContainerStatuses().isEmpty()
                                && "ImagePullBackOff"
                                        .equals(TestNode.main(now)
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
        var pod = node.run(
                "environment", "echo $TOKEN $BOTH $PORT_8080 ${JAVA_TEST:-clean}", container, "restartPolicy: Never");
        var port = LocalPorts.local(node.ended(pod), 8080);
        assertTrue(port != 8080);
        assertEquals("s3cret s3cret/" + port + " " + port + " clean\n", node.log(pod));
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
        assertEquals("persistentvolumeclaim \"preset\" not found", node.refusal(pod));

        claim("preset", "annotations: {localcluster.prompttuning.dev/folder: \"" + preset + "\"}");
        claim("made", "labels: {a: b}");
        assertEquals("Succeeded", node.ended(pod).getStatus().getPhase());
        assertEquals("data\n", node.log(pod));

        var second = node.run(
                "claims-again",
                "cat $POD_ROOT/data/file",
                "volumeMounts: [{name: v, mountPath: /data}]",
                "restartPolicy: Never\n  volumes: [{name: v, persistentVolumeClaim: {claimName: made}}]");
        assertEquals("Succeeded", node.ended(second).getStatus().getPhase());
        assertEquals("result\n", node.log(second));
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
        var pod = node.run(
                "follows",
                "while ! grep -q two $POD_ROOT/etc/job/train.json; do sleep 0.05; done; ls $POD_ROOT/etc/job",
                "volumeMounts: [{name: c, mountPath: /etc/job}]",
                "restartPolicy: Never\n  volumes: [{name: c, configMap: {name: follows}}]");
        assertEquals("configmap \"follows\" not found", node.refusal(pod));
        var map = node.create(
                ConfigMap.class,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: follows}, data: {train.json: one, old: x}}");
        node.await(pod, now -> "Running".equals(now.getStatus().getPhase()));
        node.edit(map, now -> now.setData(Map.of("train.json", "two")));
        assertEquals("Succeeded", node.ended(pod).getStatus().getPhase());
        assertEquals("train.json\n", node.log(pod));
    }

    @Test
    void logsAreFollowed() throws Exception {
        var folder = node.folder("follow");
        var pod = node.run(
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
}
