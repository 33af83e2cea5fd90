package dev.prompttuning.localcluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.prompttuning.localcluster.LocalCluster;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A cluster for tests, with short back-offs, in namespace {@code default}; and words to speak about it. */
final class TestNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final LocalCluster cluster;

    private TestNode(Path folder, LocalCluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    static TestNode start() {
        try {
            var folder = Files.createTempDirectory("localcluster");
            var options = new NodeOptions(
                    folder.resolve("cluster"), NodeTestImages.create(), Duration.ofMillis(50), Duration.ofMillis(500));
            return new TestNode(folder, LocalCluster.start(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LocalCluster cluster() {
        return cluster;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    /** A script as an argument in YAML: a cluster would read {@code $$} as an escaped dollar. */
    static String quoted(String script) {
        return Serialization.asJson(script.replace("$$", "$$$$"));
    }

    <T extends HasMetadata> T create(Class<T> type, String yaml) {
        var object = Serialization.unmarshal("---\n" + yaml, type);
        object.getMetadata().setNamespace("default");
        return client().resource(object).create();
    }

    <T extends HasMetadata> T await(T object, Predicate<T> condition) {
        var last = new AtomicReference<T>();
        Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).until(() -> {
            var now = client().resource(object).get();
            last.set(now);
            return now != null && condition.test(now);
        });
        return last.get();
    }

    void awaitGone(HasMetadata object) {
        awaitTrue("gone", () -> client().resource(object).get() == null);
    }

    void awaitTrue(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(50))
                .atMost(PATIENCE)
                .until(condition);
    }

    @SuppressWarnings("unchecked")
    <T extends HasMetadata> void edit(T object, Consumer<T> change) {
        var type = (Class<T>) object.getClass();
        var name = object.getMetadata().getName();
        client().resources(type).inNamespace("default").withName(name).accept(change);
    }

    <T extends HasMetadata> List<T> list(Class<T> type, Map<String, String> labels) {
        return client().resources(type)
                .inNamespace("default")
                .withLabels(labels)
                .list()
                .getItems();
    }

    <T extends HasMetadata> List<T> list(Class<T> type, String label, String value) {
        return list(type, Map.of(label, value));
    }

    /** A folder of the test, outside the node's. */
    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process whose id a container has written to a file. */
    ProcessHandle process(Path file) {
        awaitTrue("pid", () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        try {
            var pid = Long.parseLong(Files.readString(file).strip());
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pod with one container that runs a script. @param container more of it @param spec more of the pod's */
    Pod run(String name, String script, String container, String spec) {
        return create(
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
                        .formatted(name, spec, quoted(script), container));
    }

    Pod ended(Pod pod) {
        return await(pod, Pods::hasEnded);
    }

    static ContainerStatus main(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0);
    }

    String log(Pod pod) {
        return client().pods()
                .inNamespace("default")
                .withName(pod.getMetadata().getName())
                .getLog();
    }

    /** Why the container is not started. */
    String refusal(Pod pod) {
        var waiting = await(
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

    @Override
    public void close() {
        cluster.close();
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
