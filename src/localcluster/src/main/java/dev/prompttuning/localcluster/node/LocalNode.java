package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;

/** The one Node object. */
final class LocalNode {

    static final String NAME = "local";
    static final String ADDRESS = "127.0.0.1";
    private static final String NODE =
            """
            apiVersion: v1
            kind: Node
            metadata: {name: local}
            status:
              addresses: [{type: InternalIP, address: 127.0.0.1}]
              conditions: [{type: Ready, status: "True"}]
            """;

    private LocalNode() {}

    static void register(KubernetesClient client) {
        var node = Serialization.unmarshal(NODE, Node.class);
        client.resource(node).create();
        client.resource(node).updateStatus();
    }

    /** Where a local port answers. */
    static String url(int port) {
        return "http://" + ADDRESS + ":" + port;
    }
}
