package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/** Gives container ports local ports, since all pods share one address. */
final class LocalPorts {

    private static final String ANNOTATION_PREFIX = "localcluster.prompttuning.dev/port-";
    // Below the range from which systems take the ports of outgoing connections, so that none is lost before its use.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private int last = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);

    /** Annotations that give every declared port of a pod a local one. */
    Map<String, String> assign(Pod pod) {
        var annotations = new TreeMap<String, String>();
        for (var port : pod.getSpec().getContainers().get(0).getPorts()) {
            annotations.put(ANNOTATION_PREFIX + port.getContainerPort(), String.valueOf(next()));
        }
        return annotations;
    }

    /** Round and round, so that a port is not given again soon. */
    private int next() {
        do {
            last = last < HIGHEST ? last + 1 : LOWEST;
        } while (!isFree(last));
        return last;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getByName(LocalNode.ADDRESS))) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }

    /** Where a declared port of this pod can be reached on this machine. */
    static int local(Pod pod, int containerPort) {
        return Integer.parseInt(pod.getMetadata().getAnnotations().get(ANNOTATION_PREFIX + containerPort));
    }

    /** The same for a container port given by its number or its name; nothing when the pod declares no such port. */
    static Optional<Integer> find(Pod pod, IntOrString port) {
        return pod.getSpec().getContainers().get(0).getPorts().stream()
                .filter(declared -> declared.getContainerPort().equals(port.getIntVal())
                        || port.getStrVal() != null && port.getStrVal().equals(declared.getName()))
                .map(declared -> local(pod, declared.getContainerPort()))
                .findFirst();
    }
}
