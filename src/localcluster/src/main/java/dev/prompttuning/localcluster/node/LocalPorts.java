package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Gives container ports local ports, since all pods share one address. */
final class LocalPorts {

    static final String ANNOTATION_PREFIX = "localcluster.prompttuning.dev/port-";
    // Below the range from which systems take the ports of outgoing connections, so that none is lost before its use.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final Set<Integer> taken = ConcurrentHashMap.newKeySet();

    /** A port that nobody listens to and that no other pod was given. */
    int take() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && taken.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getByName(LocalNode.ADDRESS))) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }

    /** Annotations that give every declared port of a pod a local one. */
    Map<String, String> assign(Pod pod) {
        var annotations = new TreeMap<String, String>();
        for (var container : pod.getSpec().getContainers()) {
            for (var port : container.getPorts()) {
                annotations.computeIfAbsent(ANNOTATION_PREFIX + port.getContainerPort(), key -> String.valueOf(take()));
            }
        }
        return annotations;
    }

    void release(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        if (annotations != null) {
            annotations.forEach((key, port) -> {
                if (key.startsWith(ANNOTATION_PREFIX)) {
                    taken.remove(Integer.valueOf(port));
                }
            });
        }
    }

    /** Where a container port of this pod can be reached on this machine. */
    static int local(Pod pod, int containerPort) {
        var annotations = pod.getMetadata().getAnnotations();
        var local = annotations == null ? null : annotations.get(ANNOTATION_PREFIX + containerPort);
        return local == null ? containerPort : Integer.parseInt(local);
    }

    /** The container port that a number or a name of a declared port means. */
    static int resolve(Container container, IntOrString port) {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(declared -> port.getStrVal().equals(declared.getName()))
                .findFirst()
                .orElseThrow(() -> new MountException(
                        "container \"" + container.getName() + "\" has no port named \"" + port.getStrVal() + "\""))
                .getContainerPort();
    }
}
