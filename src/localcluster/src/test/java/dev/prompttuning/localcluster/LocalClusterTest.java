package dev.prompttuning.localcluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.localcluster.node.ImageSpec;
import dev.prompttuning.localcluster.node.NodeOptions;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalClusterTest {

    @TempDir
    Path folder;

    @Test
    void hasANodeAKubeconfigAndTakesItsProcessesWithIt() throws Exception {
        ProcessHandle process;
        var script = "sleep 1000 & echo $! > pid.new; mv pid.new pid; wait";
        var images = Map.of("sleeper", new ImageSpec(List.of("sh", "-c", script), Map.of()));
        try (var cluster = LocalCluster.start(new NodeOptions(folder, images));
                var client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(Files.readString(cluster.kubeconfig())))
                        .build()) {
            assertEquals(1, client.nodes().list().getItems().size());
            assertThrows(IllegalStateException.class, () -> cluster.url("default", "nothing"));
            var pod = client.pods()
                    .inNamespace("default")
                    .resource(new PodBuilder()
                            .withNewMetadata()
                            .withName("sleeper")
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("main")
                            .withImage("sleeper")
                            .endContainer()
                            .endSpec()
                            .build())
                    .create();
            var pid = folder.resolve("pods").resolve(pod.getMetadata().getUid()).resolve("root/pid");
            client.pods().inNamespace("default").withName("sleeper").waitUntilReady(30, TimeUnit.SECONDS);
            while (!Files.exists(pid)) {
                Thread.sleep(10);
            }
            process = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();
            assertTrue(process.isAlive());
        }
        process.onExit().get(30, TimeUnit.SECONDS);
    }
}
