package dev.prompttuning.e2e.scheduling;

import dev.prompttuning.e2e.Eventually;
import dev.prompttuning.e2e.Program;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A node with eight GPUs whose kubelet is kwok: pods are scheduled to it and run nowhere. */
final class FakeGpuNode implements AutoCloseable {
    static final String NAME = "e2e-gpu";
    private static final String NODE =
            """
            apiVersion: v1
            kind: Node
            metadata:
              name: e2e-gpu
              annotations: {kwok.x-k8s.io/node: fake}
              labels: {e2e-gpu: fake, kubernetes.io/os: linux, kubernetes.io/arch: amd64, kubernetes.io/hostname: e2e-gpu}
            spec:
              taints:
              - {key: nvidia.com/gpu, value: present, effect: NoSchedule}
            status:
              allocatable: &capacity {cpu: "32", memory: 256Gi, pods: "110", nvidia.com/gpu: "8"}
              capacity: *capacity
            """;
    private static final String RUNTIME_CLASS =
            """
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: e2e-gpu}
            handler: nvidia
            """;
    private static final Program KUBECTL = new Program("kubectl");

    private final KubernetesClient client;
    private final Process kwok;

    private FakeGpuNode(KubernetesClient client, Process kwok) {
        this.client = client;
        this.kwok = kwok;
    }

    static FakeGpuNode start(KubernetesClient client) {
        FakeGpuNode node = new FakeGpuNode(client, kwok());
        apply(RUNTIME_CLASS);
        apply(NODE);
        Eventually.holds(
                "the node that kwok pretends to be ready",
                Duration.ofMinutes(1),
                () -> ready(client.nodes().withName(NAME).get()));
        return node;
    }

    private static Process kwok() {
        ProcessBuilder kwok = new ProcessBuilder(
                "kwok",
                "--kubeconfig",
                System.getenv("KUBECONFIG"),
                "--config",
                "src/test/resources/kwok-stages.yaml",
                "--manage-all-nodes=false",
                "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
                "--node-lease-duration-seconds=40");
        // An API server with an older etcd refuses such watches.
        kwok.environment().put("KUBE_FEATURE_WatchListClient", "false");
        try {
            Path log = Files.createDirectories(Path.of("target")).resolve("kwok.log");
            return kwok.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "kwok is not on the PATH: go install sigs.k8s.io/kwok/cmd/kwok@v0.8.0, and put $(go env GOPATH)/bin"
                            + " on the PATH.",
                    e);
        }
    }

    private static boolean ready(Node node) {
        return node != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static void apply(String yaml) {
        KUBECTL.feed(yaml.getBytes(StandardCharsets.UTF_8), "apply", "-f", "-");
    }

    @Override
    public void close() {
        client.nodes().withName(NAME).withGracePeriod(0).delete();
        KUBECTL.run("delete", "runtimeclass", "e2e-gpu", "--ignore-not-found");
        kwok.destroy();
    }
}
