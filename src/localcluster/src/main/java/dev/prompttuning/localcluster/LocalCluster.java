package dev.prompttuning.localcluster;

import dev.prompttuning.localcluster.apiserver.ApiServer;
import dev.prompttuning.localcluster.node.LocalClusterNode;
import dev.prompttuning.localcluster.node.NodeLogs;
import dev.prompttuning.localcluster.node.NodeOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A running cluster: API server, node and controllers. {@link #close} ends it with all processes of its pods; they also
 * die with this JVM.
 */
public final class LocalCluster implements AutoCloseable {

    /** Where {@link #url(String, String)} is read from. */
    private static final String URL_ANNOTATION = "localcluster.prompttuning.dev/url";

    private final ApiServer server;
    private final KubernetesClient client;
    private final Vertx proxies;
    private final LocalClusterNode node;
    private final Path kubeconfig;

    private LocalCluster(
            ApiServer server, KubernetesClient client, Vertx proxies, LocalClusterNode node, Path kubeconfig) {
        this.server = server;
        this.client = client;
        this.proxies = proxies;
        this.node = node;
        this.kubeconfig = kubeconfig;
    }

    /**
     * Starts everything; the cluster is ready when this returns.
     *
     * @param options of the node; its data directory holds the kubeconfig too
     */
    public static LocalCluster start(NodeOptions options) {
        var server = ApiServer.start();
        try {
            var logs = new NodeLogs(options.dataDirectory().resolve("logs"));
            server.podLogs(logs);
            var kubeconfig = server.kubeconfig(options.dataDirectory().resolve("kubeconfig"));
            var client = server.client();
            var proxies = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
            var node = LocalClusterNode.start(client, server::revision, proxies, options, logs);
            return new LocalCluster(server, client, proxies, node, kubeconfig);
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** A client in namespace {@code default}; it ends with the cluster. */
    public KubernetesClient client() {
        return client;
    }

    public ApiServer apiServer() {
        return server;
    }

    /** A file for {@code kubectl --kubeconfig}. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /**
     * The address at which a Service of this cluster answers on this machine.
     *
     * @throws IllegalStateException when there is no such Service, or it has no address yet
     */
    public String url(String namespace, String service) {
        var found = client.services().inNamespace(namespace).withName(service).get();
        var annotations = found == null ? null : found.getMetadata().getAnnotations();
        if (annotations == null || !annotations.containsKey(URL_ANNOTATION)) {
            throw new IllegalStateException("service \"" + namespace + "/" + service + "\" has no address yet");
        }
        return annotations.get(URL_ANNOTATION);
    }

    /** Stops the controllers, kills the processes of all pods, and stops the API server. */
    @Override
    public void close() {
        node.close();
        client.close();
        proxies.close().toCompletionStage().toCompletableFuture().join();
        server.close();
    }
}
