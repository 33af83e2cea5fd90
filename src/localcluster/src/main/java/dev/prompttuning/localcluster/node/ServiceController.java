package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes Services reachable: a local TCP proxy per port before the ready pods, on the port's {@code nodePort} if it has
 * one and that is free. The address of the first port is the annotation {@value #URL}; the local ports of all are
 * annotations as at pods.
 */
final class ServiceController implements AutoCloseable {

    static final String URL = "localcluster.prompttuning.dev/url";

    private final KubernetesClient client;
    private final Vertx vertx;
    private final WorkQueue queue = new WorkQueue("service-controller", this::reconcile);
    /** By service key and port; touched by the queue's thread only. */
    private final Map<String, Map<Integer, PortProxy>> proxies = new HashMap<>();

    ServiceController(KubernetesClient client, Vertx vertx, Watches watches) {
        this.client = client;
        this.vertx = vertx;
        watches.on(Service.class, service -> queue.add(Ownership.key(service)));
        watches.on(Pod.class, this::podChanged);
    }

    private void podChanged(Pod pod) {
        var namespace = pod.getMetadata().getNamespace() + "/";
        queue.run(() -> proxies.keySet().stream()
                .filter(key -> key.startsWith(namespace))
                .forEach(queue::add));
    }

    private Optional<Duration> reconcile(String key) {
        var namespace = key.substring(0, key.indexOf('/'));
        var name = key.substring(key.indexOf('/') + 1);
        var service = client.services().inNamespace(namespace).withName(name).get();
        if (service == null || service.getMetadata().getDeletionTimestamp() != null) {
            remove(key);
            return Optional.empty();
        }
        var selector = service.getSpec().getSelector();
        if (selector == null || selector.isEmpty()) {
            return Optional.empty();
        }
        var ready = client.pods().inNamespace(namespace).withLabels(selector).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null && JobRound.isReady(pod))
                .toList();
        var open = proxies.computeIfAbsent(key, absent -> new HashMap<>());
        for (var port : service.getSpec().getPorts()) {
            var proxy = open.computeIfAbsent(
                    port.getPort(), absent -> PortProxy.listen(vertx, Optional.ofNullable(port.getNodePort())));
            proxy.forwardTo(
                    ready.stream().flatMap(pod -> target(pod, port).stream()).toList());
        }
        publish(service, open);
        publishEndpoints(service, ready);
        return Optional.empty();
    }

    private void remove(String key) {
        Optional.ofNullable(proxies.remove(key)).ifPresent(open -> open.values().forEach(PortProxy::close));
        var endpoints = client.endpoints()
                .inNamespace(key.substring(0, key.indexOf('/')))
                .withName(key.substring(key.indexOf('/') + 1));
        if (endpoints.get() != null) {
            endpoints.delete();
        }
    }

    /** The local port that a Service's port means at a pod; nothing when the pod has no port of that name. */
    static Optional<Integer> target(Pod pod, ServicePort port) {
        var target = port.getTargetPort();
        if (target == null || target.getIntVal() != null && target.getIntVal() == 0) {
            return Optional.of(LocalPorts.local(pod, port.getPort()));
        }
        if (target.getIntVal() != null) {
            return Optional.of(LocalPorts.local(pod, target.getIntVal()));
        }
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(declared -> target.getStrVal().equals(declared.getName()))
                .findFirst()
                .map(declared -> LocalPorts.local(pod, declared.getContainerPort()));
    }

    private void publish(Service service, Map<Integer, PortProxy> open) {
        var ports = service.getSpec().getPorts();
        if (ports.isEmpty()) {
            return;
        }
        var url = "http://" + LocalNode.ADDRESS + ":"
                + open.get(ports.get(0).getPort()).port();
        var annotations = new TreeMap<>(Map.of(URL, url));
        open.forEach(
                (port, proxy) -> annotations.put(LocalPorts.ANNOTATION_PREFIX + port, String.valueOf(proxy.port())));
        Edits.edit(
                client.services()
                        .inNamespace(service.getMetadata().getNamespace())
                        .withName(service.getMetadata().getName()),
                current -> {
                    var headless = "None".equals(current.getSpec().getClusterIP());
                    var result = new ServiceBuilder(current)
                            .editMetadata()
                            .addToAnnotations(annotations)
                            .endMetadata()
                            .build();
                    if (!headless) {
                        result.getSpec().setClusterIP(LocalNode.ADDRESS);
                        result.getSpec().setClusterIPs(List.of(LocalNode.ADDRESS));
                    }
                    return result;
                });
    }

    private void publishEndpoints(Service service, List<Pod> ready) {
        var subsets = new ArrayList<EndpointSubset>();
        for (var pod : ready) {
            var ports = service.getSpec().getPorts().stream()
                    .flatMap(port -> target(pod, port).stream().map(local -> new EndpointPortBuilder()
                            .withName(port.getName())
                            .withPort(local)
                            .withProtocol("TCP")
                            .build()))
                    .toList();
            // Local ports differ from pod to pod, so each is a subset of its own.
            subsets.add(new EndpointSubsetBuilder()
                    .withAddresses(new EndpointAddressBuilder()
                            .withIp(LocalNode.ADDRESS)
                            .withNodeName(LocalNode.NAME)
                            .withNewTargetRef()
                            .withKind("Pod")
                            .withName(pod.getMetadata().getName())
                            .withNamespace(pod.getMetadata().getNamespace())
                            .withUid(pod.getMetadata().getUid())
                            .endTargetRef()
                            .build())
                    .withPorts(ports)
                    .build());
        }
        var metadata = service.getMetadata();
        var resource = client.endpoints().inNamespace(metadata.getNamespace()).withName(metadata.getName());
        if (resource.get() == null) {
            client.endpoints()
                    .inNamespace(metadata.getNamespace())
                    .resource(new EndpointsBuilder()
                            .withNewMetadata()
                            .withName(metadata.getName())
                            .withNamespace(metadata.getNamespace())
                            .withLabels(metadata.getLabels())
                            .withOwnerReferences(Ownership.controlledBy(service))
                            .endMetadata()
                            .withSubsets(subsets)
                            .build())
                    .create();
        } else {
            Edits.edit(resource, current -> new EndpointsBuilder(current)
                    .withSubsets(subsets)
                    .build());
        }
    }

    @Override
    public void close() {
        queue.close();
        proxies.values().forEach(open -> open.values().forEach(PortProxy::close));
    }
}
