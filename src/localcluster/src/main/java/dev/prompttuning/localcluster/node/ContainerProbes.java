package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.net.http.HttpClient;
import java.time.Instant;

/** The startup, liveness and readiness probes of one run of a container. The last two wait for the first. */
final class ContainerProbes {

    private final HttpProbe startup;
    private final HttpProbe liveness;
    private final HttpProbe readiness;

    /** @throws ContainerConfigException when the container declares no such port */
    ContainerProbes(Pod pod, HttpClient client, Instant start) {
        var container = pod.getSpec().getContainers().get(0);
        startup = new HttpProbe(container.getStartupProbe(), pod, client, start);
        liveness = new HttpProbe(container.getLivenessProbe(), pod, client, start);
        readiness = new HttpProbe(container.getReadinessProbe(), pod, client, start);
    }

    void advance(Instant now) {
        if (startup.isSucceeding()) {
            liveness.advance(now);
            readiness.advance(now);
        } else {
            startup.advance(now);
        }
    }

    boolean isReady() {
        return startup.isSucceeding() && readiness.isSucceeding();
    }

    /** Whether the container must be restarted. */
    boolean isDead() {
        return startup.hasFailed() || liveness.hasFailed();
    }
}
