package dev.prompttuning.localcluster.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A Kubernetes API on 127.0.0.1, in memory, from {@link #start} to {@link #close}. */
public final class ApiServer implements AutoCloseable {
    private static final int HISTORY = 5_000;
    private static final long BOOKMARKS_MILLIS = 10_000;
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final HttpFront front;
    private final HttpServer http;

    private ApiServer(Vertx vertx, HttpFront front, HttpServer http) {
        this.vertx = vertx;
        this.front = front;
        this.http = http;
    }

    /** Starts on any free port. */
    public static ApiServer start() {
        return start(0);
    }

    /** @param port 0 for any free one */
    public static ApiServer start(int port) {
        return start(port, HISTORY);
    }

    /** @param history how many changes watches may look back before they get 410 Expired */
    static ApiServer start(int port, int history) {
        // One event loop: everything after HTTP is single threaded and needs no locks.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setBlockedThreadCheckInterval(TimeUnit.MINUTES.toMillis(1))
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        HttpFront front = new HttpFront(vertx, history, Clock.systemUTC());
        HttpServer http = vertx.createHttpServer(new HttpServerOptions()
                .setHost(HOST)
                .setPort(port)
                .setMaxHeaderSize(1 << 16)
                .setMaxInitialLineLength(1 << 16)
                // A compressed watch is buffered by the compressor: clients then wait for ever.
                .setCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false));
        http.requestHandler(front::handle);
        try {
            await(http.listen());
        } catch (CompletionException e) {
            await(vertx.close());
            throw new IllegalStateException(
                    "the API server cannot listen on %s:%d: %s"
                            .formatted(HOST, port, e.getCause().getMessage()),
                    e);
        }
        vertx.setPeriodic(BOOKMARKS_MILLIS, timer -> front.bookmark());
        return new ApiServer(vertx, front, http);
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    public int port() {
        return http.actualPort();
    }

    public String url() {
        return "http://" + HOST + ":" + port();
    }

    /** Where {@code kubectl logs} reads from now on; without one, no pod has a log. */
    public void podLogs(PodLogs logs) {
        vertx.runOnContext(ignored -> front.podLogs(logs));
    }

    /** The configuration of a Fabric8 client in namespace {@code default}; this machine's own kubeconfig is not read. */
    public Config clientConfig() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withNamespace("default")
                .withHttp2Disable(true)
                .build();
    }

    /** A new client, which is the caller's to close. */
    public KubernetesClient client() {
        return new KubernetesClientBuilder().withConfig(clientConfig()).build();
    }

    /** Writes a kubeconfig for this server, and the folders it lies in. */
    public Path kubeconfig(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        return Files.writeString(
                absolute,
                """
                apiVersion: v1
                kind: Config
                current-context: local
                contexts:
                - name: local
                  context: {cluster: local, user: local, namespace: default}
                clusters:
                - name: local
                  cluster: {server: "%s"}
                users:
                - name: local
                  user: {}
                """
                        .formatted(url()));
    }

    /** Ends all watches and stops. What was stored is gone. */
    @Override
    public void close() {
        front.close();
        await(vertx.close());
    }
}
