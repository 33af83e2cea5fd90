package dev.prompttuning.localcluster.apiserver;

import java.util.Optional;

/** What a path names: a collection when {@code name} is empty, else an object or one of its subresources. */
record Target(ResourceType type, String namespace, String name, String subresource) {
    static Optional<Target> of(String path, ResourceTypes types) {
        String[] parts = path.substring(1).split("/");
        int at = parts[0].equals("api") ? 2 : 3;
        if (parts.length <= at) {
            return Optional.empty();
        }
        String groupPath = String.join("/", java.util.Arrays.copyOf(parts, at));
        String namespace = "";
        boolean scoped = parts[at].equals("namespaces") && parts.length > at + 2 && !isNamespaceSubresource(parts, at);
        if (scoped) {
            namespace = parts[at + 1];
            at += 2;
        }
        Optional<ResourceType> type = types.find(groupPath, parts[at]);
        String name = parts.length > at + 1 ? parts[at + 1] : "";
        String subresource = parts.length > at + 2 ? parts[at + 2] : "";
        String in = namespace;
        return type.filter(found -> found.namespaced() || !scoped)
                .map(found -> new Target(found, in, name, subresource));
    }

    private static boolean isNamespaceSubresource(String[] parts, int at) {
        return parts[0].equals("api") && (parts[at + 2].equals("status") || parts[at + 2].equals("finalize"));
    }

    Store.Key key() {
        return type.key(namespace, name);
    }
}
