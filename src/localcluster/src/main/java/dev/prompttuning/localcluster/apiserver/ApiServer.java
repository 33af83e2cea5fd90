package dev.prompttuning.localcluster.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Kubernetes API on 127.0.0.1, in memory, from {@link #start} to {@link #close}. */
public final class ApiServer implements AutoCloseable {
    private static final int HISTORY = 5_000;
    private static final long BOOKMARKS_MILLIS = 10_000;
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final Watches watches;
    private final LogStreams logs;
    private final HttpFront front;
    private final HttpServer http;

    private ApiServer(Vertx vertx, int history) {
        this.vertx = vertx;
        this.watches = new Watches(vertx);
        this.logs = new LogStreams(vertx);
        this.front = new HttpFront(vertx, history, watches, logs);
        // Not compressed: a compressed watch is buffered by the compressor, and clients then wait for ever.
        this.http = vertx.createHttpServer(new HttpServerOptions()
                .setMaxHeaderSize(1 << 16)
                .setMaxInitialLineLength(1 << 16)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false));
        await(http.requestHandler(front::handle).listen(0, HOST));
        vertx.setPeriodic(BOOKMARKS_MILLIS, timer -> watches.bookmark());
    }

    /** Starts on any free port. */
    public static ApiServer start() {
        return start(HISTORY);
    }

    /** @param history how many changes watches may look back before they get 410 Expired */
    static ApiServer start(int history) {
        // One event loop: everything after HTTP is single threaded and needs no locks.
        VertxOptions options = new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2);
        return new ApiServer(Vertx.vertx(options.setBlockedThreadCheckInterval(60_000)), history);
    }

    private static <T> void await(Future<T> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    public String url() {
        return "http://" + HOST + ":" + http.actualPort();
    }

    /** Grows with every change of any object. May be called on any thread. */
    public long revision() {
        return front.revision();
    }

    /** Where {@code kubectl logs} reads from now on. */
    public void podLogs(PodLogs logs) {
        vertx.runOnContext(ignored -> this.logs.from(logs));
    }

    /** A new client in namespace {@code default}, which is the caller's to close. It reads no kubeconfig. */
    public KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withNamespace("default")
                .withHttp2Disable(true)
                .withRequestTimeout(60_000) // the first CEL rule takes seconds to compile, more on a busy machine
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Writes a kubeconfig for this server, and the folders it lies in. */
    public Path kubeconfig(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(
                file.toAbsolutePath(),
                """
                apiVersion: v1
                kind: Config
                current-context: local
                contexts: [{name: local, context: {cluster: local, user: local, namespace: default}}]
                clusters: [{name: local, cluster: {server: "%s"}}]
                users: [{name: local, user: {}}]
                """
                        .formatted(url()));
    }

    /** Ends all watches and stops. What was stored is gone. */
    @Override
    public void close() {
        vertx.runOnContext(ignored -> watches.endAll());
        await(vertx.close());
    }
}
