package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The startup, liveness and readiness probes of one run of a container. The last two wait for the first. */
final class ContainerProbes {

    private final Optional<HttpProbe> startup;
    private final Optional<HttpProbe> liveness;
    private final Optional<HttpProbe> readiness;

    /** @throws ContainerConfigException when the container declares no such port */
    ContainerProbes(Pod pod, HttpClient client, Instant start) {
        var container = pod.getSpec().getContainers().get(0);
        startup = probe(container.getStartupProbe(), pod, client, start);
        liveness = probe(container.getLivenessProbe(), pod, client, start);
        readiness = probe(container.getReadinessProbe(), pod, client, start);
    }

    private static Optional<HttpProbe> probe(Probe probe, Pod pod, HttpClient client, Instant start) {
        return Optional.ofNullable(probe).map(spec -> new HttpProbe(spec, uri(spec, pod), client, start));
    }

    private static URI uri(Probe probe, Pod pod) {
        var get = probe.getHttpGet();
        var port = LocalPorts.find(pod, get.getPort())
                .orElseThrow(() -> new ContainerConfigException("a probe asks the port "
                        + get.getPort().getValue() + ", which the container does not declare"));
        var path = get.getPath() == null ? "" : get.getPath();
        return URI.create("http://" + LocalNode.ADDRESS + ":" + port + (path.startsWith("/") ? path : "/" + path));
    }

    void advance(Instant now) {
        if (isStarted()) {
            Stream.of(liveness, readiness).flatMap(Optional::stream).forEach(probe -> probe.advance(now));
        } else {
            startup.get().advance(now);
        }
    }

    private boolean isStarted() {
        return startup.map(HttpProbe::isSucceeding).orElse(true);
    }

    boolean isReady() {
        return isStarted() && readiness.map(HttpProbe::isSucceeding).orElse(true);
    }

    /** Whether the container must be restarted. */
    boolean isDead() {
        return Stream.of(startup, liveness).flatMap(Optional::stream).anyMatch(HttpProbe::hasFailed);
    }
}
