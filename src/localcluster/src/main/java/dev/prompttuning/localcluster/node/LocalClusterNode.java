package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;

/** The node and all controllers, running from {@link #start} to {@link #close}. */
public final class LocalClusterNode implements AutoCloseable {

    private static final long TICK_MILLIS = 100;

    private final KubernetesClient client;
    private final ChildProcesses children = new ChildProcesses();
    private final NodeThread thread = new NodeThread();
    private final List<Controller<?>> controllers;

    private LocalClusterNode(KubernetesClient client, Vertx vertx, NodeOptions options, NodeLogs logs) {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        this.client = client;
        // Services see a pod's end before the kubelet, so that none sends its clients to it any more.
        this.controllers = List.of(
                new ServiceController(client, vertx),
                new ClaimController(client, options),
                new JobController(client, options),
                new DeploymentController(client),
                new Kubelet(new NodeRuntime(client, options, logs, children, http)));
    }

    /**
     * Registers the node with a new API server and starts to look after what comes.
     *
     * @param client stays the caller's to close, after the node
     * @param vertx runs the proxies of Services; the caller's as well
     * @param logs where the pods' logs go
     */
    public static LocalClusterNode start(KubernetesClient client, Vertx vertx, NodeOptions options, NodeLogs logs)
            throws IOException {
        // Of pods that an earlier cluster ran here; this one does not know them.
        Folders.delete(options.podFolders());
        Folders.delete(logs.folder());
        LocalNode.register(client);
        var node = new LocalClusterNode(client, vertx, options, logs);
        node.thread.repeat(node::look, TICK_MILLIS);
        return node;
    }

    private void look() {
        var pods = client.pods().inAnyNamespace().list().getItems();
        controllers.forEach(controller -> thread.attempt(() -> controller.look(pods, thread)));
    }

    /** Ends the controllers and kills every process of every pod. */
    @Override
    public void close() {
        children.close();
        thread.close();
    }
}
