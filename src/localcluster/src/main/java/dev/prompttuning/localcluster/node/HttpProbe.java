package dev.prompttuning.localcluster.node;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** One {@code httpGet} probe of one run of a container: asks when it is due, and counts the failures in a row. */
final class HttpProbe {

    private final Probe probe;
    private final HttpClient client;
    private final HttpRequest request;
    private CompletableFuture<Boolean> answer;
    private Instant due;
    private int failures;
    private boolean succeeding;

    /** @param probe null for one that always succeeds @throws ContainerConfigException when there is no such port */
    HttpProbe(Probe probe, Pod pod, HttpClient client, Instant start) {
        this.probe = probe;
        this.client = client;
        this.request = probe == null ? null : request(probe, pod);
        this.due =
                probe == null ? Instant.MAX : start.plusSeconds(requireNonNullElse(probe.getInitialDelaySeconds(), 0));
        this.succeeding = probe == null;
    }

    private static HttpRequest request(Probe probe, Pod pod) {
        var get = probe.getHttpGet();
        var port = LocalPorts.find(pod, get.getPort())
                .orElseThrow(() -> new ContainerConfigException("a probe asks the port "
                        + get.getPort().getValue() + ", which the container does not declare"));
        var uri = URI.create(LocalNode.url(port)).resolve(requireNonNullElse(get.getPath(), "/"));
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(probe.getTimeoutSeconds()))
                .build();
    }

    /** Takes in an answer that has come, and asks again when it is time to. */
    void advance(Instant now) {
        if (answer != null && answer.isDone()) {
            record(answer.join());
            answer = null;
        }
        if (answer == null && !now.isBefore(due)) {
            answer = client.sendAsync(request, BodyHandlers.discarding())
                    .handle((response, failure) ->
                            failure == null && response.statusCode() >= 200 && response.statusCode() < 400);
            due = now.plusSeconds(probe.getPeriodSeconds());
        }
    }

    private void record(boolean success) {
        failures = success ? 0 : failures + 1;
        succeeding = success || succeeding && !hasFailed();
    }

    /** Whether it has succeeded, and not failed too often since. */
    boolean isSucceeding() {
        return succeeding;
    }

    /** Whether it has failed as often in a row as its threshold allows. */
    boolean hasFailed() {
        return probe != null && failures >= probe.getFailureThreshold();
    }
}
