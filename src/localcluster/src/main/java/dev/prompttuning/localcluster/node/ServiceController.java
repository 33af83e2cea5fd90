package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes Services reachable: a local TCP proxy for the first port, before the ready pods. Its address is the annotation
 * {@value #URL}.
 */
final class ServiceController extends Controller<Service> {

    static final String URL = "localcluster.prompttuning.dev/url";

    private final Vertx vertx;
    /** By the Service's uid; they end with {@link #vertx}. */
    private final Map<String, PortProxy> proxies = new HashMap<>();

    ServiceController(KubernetesClient client, Vertx vertx) {
        super(Service.class, client);
        this.vertx = vertx;
    }

    private static boolean selects(Service service, Pod pod) {
        var selector = service.getSpec().getSelector();
        return !selector.isEmpty()
                && service.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace())
                && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
    }

    @Override
    void reconcile(Service service, List<Pod> pods) {
        var ports = service.getSpec().getPorts();
        if (ports.isEmpty()) {
            return;
        }
        var proxy = proxies.computeIfAbsent(service.getMetadata().getUid(), uid -> new PortProxy(vertx));
        proxy.forwardTo(pods.stream()
                .filter(pod -> selects(service, pod) && Pods.isActive(pod) && Pods.isReady(pod))
                .flatMap(pod -> LocalPorts.find(pod, ports.get(0).getTargetPort()).stream())
                .toList());
        var url = LocalNode.url(proxy.port());
        if (!url.equals(service.getMetadata().getAnnotations().put(URL, url))) {
            client().resource(service).update();
        }
    }

    @Override
    void removed(Service service) {
        Optional.ofNullable(proxies.remove(service.getMetadata().getUid())).ifPresent(PortProxy::close);
    }
}
