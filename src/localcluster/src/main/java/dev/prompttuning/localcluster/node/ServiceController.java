package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.util.HashMap;
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
        super(client);
        this.vertx = vertx;
    }

    @Override
    boolean concerns(Service service, Pod pod) {
        var selector = service.getSpec().getSelector();
        return !selector.isEmpty()
                && service.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace())
                && pod.getMetadata().getLabels() != null
                && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
    }

    @Override
    void reconcile(Service service) {
        var proxy = proxies.computeIfAbsent(service.getMetadata().getUid(), uid -> new PortProxy(vertx));
        var target = service.getSpec().getPorts().get(0).getTargetPort();
        proxy.forwardTo(client().pods().inNamespace(service.getMetadata().getNamespace()).list().getItems().stream()
                .filter(pod -> concerns(service, pod) && Pods.isActive(pod) && Pods.isReady(pod))
                .flatMap(pod -> localPort(pod, target).stream())
                .toList());
        client().resource(service).edit(current -> new ServiceBuilder(current)
                .editMetadata()
                .addToAnnotations(URL, "http://" + LocalNode.ADDRESS + ":" + proxy.port())
                .endMetadata()
                .build());
    }

    private static Optional<Integer> localPort(Pod pod, IntOrString target) {
        return LocalPorts.resolve(pod, target).map(port -> LocalPorts.local(pod, port));
    }

    @Override
    void removed(Service service) {
        Optional.ofNullable(proxies.remove(service.getMetadata().getUid())).ifPresent(PortProxy::close);
    }
}
