package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** The node and all controllers, running from {@link #start} to {@link #close}. */
public final class LocalClusterNode implements AutoCloseable {

    private final List<AutoCloseable> parts;

    private LocalClusterNode(List<AutoCloseable> parts) {
        this.parts = parts;
    }

    /**
     * Registers the node and starts to look after what the API server has.
     *
     * @param client stays the caller's to close, after the node
     * @param vertx runs the proxies of Services; the caller's as well
     * @param logs where the pods' logs go
     */
    public static LocalClusterNode start(KubernetesClient client, Vertx vertx, NodeOptions options, NodeLogs logs) {
        try {
            Files.createDirectories(options.dataDirectory());
            // Of pods that an earlier cluster ran here; this one does not know them.
            AtomicFolder.delete(options.dataDirectory().resolve(NodeRuntime.PODS));
            logs.deleteAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var watches = new Watches(client);
        var children = new ChildProcesses();
        var prober = new Prober();
        var claims = new ClaimFolders(options.dataDirectory().resolve("volumes"));
        var runtime = new NodeRuntime(
                client,
                options,
                new EventRecorder(client, "kubelet"),
                children,
                prober,
                new LocalPorts(),
                claims,
                logs,
                new ContainerEnvironment(client));
        var parts = List.<AutoCloseable>of(
                watches,
                new ClaimController(client, claims, watches),
                new JobController(client, options, watches),
                new DeploymentController(client, watches),
                new ServiceController(client, vertx, watches),
                children,
                new Kubelet(runtime, watches),
                prober);
        LocalNode.register(client);
        watches.start();
        return new LocalClusterNode(parts);
    }

    /** Ends the controllers and kills every process of every pod. */
    @Override
    public void close() {
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException("could not stop the node", e);
            }
        }
    }
}
