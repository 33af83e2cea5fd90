package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The one Node object. */
final class LocalNode {

    static final String NAME = "local";
    static final String ADDRESS = "127.0.0.1";

    private LocalNode() {}

    static void register(KubernetesClient client) {
        var node = new NodeBuilder()
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .withNewStatus()
                .addNewAddress(ADDRESS, "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
        client.resource(node).create();
        client.resource(node).updateStatus();
    }
}
