package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Makes the single tries of probes: httpGet, tcpSocket and exec. */
final class Prober implements AutoCloseable {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "localcluster-probe");
        thread.setDaemon(true);
        return thread;
    });

    /** One try; answers what went wrong, or nothing. */
    CompletableFuture<Optional<String>> probe(Pod pod, Container container, Probe probe, Map<String, String> env) {
        var timeout = Duration.ofSeconds(ProbeWorker.or(probe.getTimeoutSeconds(), 1));
        if (probe.getHttpGet() != null) {
            return httpGet(pod, container, probe, timeout);
        }
        if (probe.getTcpSocket() != null) {
            var port = LocalPorts.local(
                    pod, LocalPorts.resolve(container, probe.getTcpSocket().getPort()));
            return CompletableFuture.supplyAsync(() -> connect(port, timeout), threads);
        }
        if (probe.getExec() != null) {
            var paths = MountPaths.of(Path.of(env.get(ContainerEnvironment.POD_ROOT)), container);
            var command =
                    probe.getExec().getCommand().stream().map(paths::rewrite).toList();
            return CompletableFuture.supplyAsync(() -> exec(command, env, timeout), threads);
        }
        return CompletableFuture.completedFuture(
                Optional.of("the local cluster knows the probes httpGet, tcpSocket and exec"));
    }

    private CompletableFuture<Optional<String>> httpGet(Pod pod, Container container, Probe probe, Duration timeout) {
        var get = probe.getHttpGet();
        var port = LocalPorts.local(pod, LocalPorts.resolve(container, get.getPort()));
        var path = get.getPath() == null || get.getPath().isEmpty() ? "/" : get.getPath();
        var request = HttpRequest.newBuilder(URI.create(
                        "http://" + LocalNode.ADDRESS + ":" + port + (path.startsWith("/") ? path : "/" + path)))
                .timeout(timeout);
        if (get.getHttpHeaders() != null) {
            get.getHttpHeaders().forEach(header -> request.header(header.getName(), header.getValue()));
        }
        return http.sendAsync(request.build(), BodyHandlers.discarding()).handle((response, failure) -> {
            if (failure != null) {
                return Optional.of("Get \"" + path + "\" on port " + port + ": " + failure.getMessage());
            }
            var code = response.statusCode();
            return code >= 200 && code < 400
                    ? Optional.<String>empty()
                    : Optional.of("HTTP probe failed with statuscode: " + code);
        });
    }

    private static Optional<String> connect(int port, Duration timeout) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(LocalNode.ADDRESS, port), (int) timeout.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("dial tcp " + LocalNode.ADDRESS + ":" + port + ": " + e.getMessage());
        }
    }

    private static Optional<String> exec(List<String> command, Map<String, String> env, Duration timeout) {
        try {
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(env);
            var process = builder.start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                ChildProcesses.kill(process);
                return Optional.of("command timed out");
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("command exited with " + process.exitValue());
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
