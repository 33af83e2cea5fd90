package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The one Node object, and whether a pod may run on it. */
final class LocalNode {

    static final String NAME = "local";
    static final String ADDRESS = "127.0.0.1";
    private static final Set<String> UNLIMITED = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Map<String, String> LABELS = Map.of(
            "kubernetes.io/hostname",
            NAME,
            "kubernetes.io/os",
            "linux",
            "kubernetes.io/arch",
            System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");

    private LocalNode() {}

    /** Writes the Node object if there is none yet. */
    static void register(KubernetesClient client) {
        if (client.nodes().withName(NAME).get() != null) {
            return;
        }
        var created = client.nodes().resource(describe()).create();
        Edits.status(client.nodes().withName(NAME), node -> new NodeBuilder(node)
                .withStatus(describe().getStatus())
                .withMetadata(created.getMetadata())
                .build());
    }

    private static Node describe() {
        var machine = ManagementFactory.getOperatingSystemMXBean();
        var memory = machine instanceof com.sun.management.OperatingSystemMXBean sun ? sun.getTotalMemorySize() : 0;
        var resources = Map.of(
                "cpu", new Quantity(String.valueOf(machine.getAvailableProcessors())),
                "memory", new Quantity(memory / 1024 + "Ki"),
                "pods", new Quantity("110"));
        var now = Timestamps.now();
        return new NodeBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withLabels(LABELS)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withCapacity(resources)
                .withAllocatable(resources)
                .withAddresses(new NodeAddress(ADDRESS, "InternalIP"), new NodeAddress(NAME, "Hostname"))
                .withConditions(new NodeConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("KubeletReady")
                        .withMessage("pods run as processes of this machine")
                        .withLastHeartbeatTime(now)
                        .withLastTransitionTime(now)
                        .build())
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(LABELS.get("kubernetes.io/arch"))
                .withOsImage(System.getProperty("os.name"))
                .withKernelVersion(System.getProperty("os.version"))
                .withContainerRuntimeVersion("process://" + Runtime.version().feature())
                .withKubeletVersion("v1.34.0")
                .endNodeInfo()
                .endStatus()
                .build();
    }

    /** Why the pod does not fit this node, in the words of the scheduler. CPU and memory are not counted. */
    static Optional<String> refusal(Pod pod) {
        var selector = pod.getSpec().getNodeSelector();
        if (selector != null && !LABELS.entrySet().containsAll(selector.entrySet())) {
            return Optional.of("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
        }
        return pod.getSpec().getContainers().stream()
                .filter(container -> container.getResources() != null
                        && container.getResources().getLimits() != null)
                .flatMap(container -> container.getResources().getLimits().keySet().stream())
                .filter(resource -> !UNLIMITED.contains(resource))
                .findFirst()
                .map(resource -> "0/1 nodes are available: 1 Insufficient " + resource + ".");
    }
}
