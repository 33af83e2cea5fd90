package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The node and all controllers, running from {@link #start} to {@link #close}. */
public final class LocalClusterNode implements AutoCloseable {

    private static final long TICK_MILLIS = 100;
    /** Time changes things, too: back-offs and deadlines end, and what failed is tried again. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final KubernetesClient client;
    private final ChildProcesses children = new ChildProcesses();
    private final NodeThread thread = new NodeThread();
    private final LongSupplier revision;
    private final List<Controller<?>> controllers;
    private final Kubelet kubelet;
    private List<Pod> pods = List.of();
    private long seen;
    private long next;

    private LocalClusterNode(
            KubernetesClient client, LongSupplier revision, Vertx vertx, NodeOptions options, NodeLogs logs) {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        this.client = client;
        this.revision = revision;
        this.kubelet = new Kubelet(new NodeRuntime(client, options, logs, children, http));
        // Services see a pod's end before the kubelet, so that none sends its clients to it any more.
        this.controllers = List.of(
                new ServiceController(client, vertx),
                new ClaimController(client, options),
                new JobController(client, options),
                new DeploymentController(client),
                kubelet);
    }

    /**
     * Registers the node with a new API server and starts to look after what comes.
     *
     * @param client stays the caller's to close, after the node
     * @param revision of the API server
     * @param vertx runs the proxies of Services; the caller's as well
     * @param logs where the pods' logs go
     */
    public static LocalClusterNode start(
            KubernetesClient client, LongSupplier revision, Vertx vertx, NodeOptions options, NodeLogs logs)
            throws IOException {
        // Of pods that an earlier cluster ran here; this one does not know them.
        Folders.delete(options.podFolders());
        Folders.delete(logs.folder());
        LocalNode.register(client);
        var node = new LocalClusterNode(client, revision, vertx, options, logs);
        node.thread.repeat(node::look, TICK_MILLIS);
        return node;
    }

    /** At everything where something has changed, else only at the pods' processes. */
    private void look() {
        var now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        var present = revision.getAsLong();
        if (present == seen && now < next) {
            kubelet.look(pods, thread);
            return;
        }
        pods = client.pods().inAnyNamespace().list().getItems();
        controllers.forEach(controller -> thread.attempt(() -> controller.look(pods, thread)));
        seen = present;
        next = now + PATIENCE_MILLIS;
    }

    /** Ends the controllers and kills every process of every pod. */
    @Override
    public void close() {
        children.close();
        thread.close();
    }
}
