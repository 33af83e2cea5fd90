package dev.prompttuning.localcluster.apiserver;

import java.util.Arrays;

/** What a path names: a collection when {@code name} is empty, else an object or one of its subresources. */
record Target(ResourceType type, String namespace, String name, String subresource) {

    /** @throws StatusException 404 when nothing of this path is served */
    static Target of(String path, ResourceTypes types) {
        String[] parts = Arrays.copyOf(path.substring(1).split("/"), 8);
        int at = "api".equals(parts[0]) ? 2 : 3;
        String groupPath = String.join("/", Arrays.copyOf(parts, at));
        boolean scoped = "namespaces".equals(parts[at]) && parts[at + 2] != null && !parts[at + 2].equals("status");
        int rest = scoped ? at + 2 : at;
        String subresource = orEmpty(parts[rest + 2]);
        return types.find(groupPath, parts[rest])
                .filter(type -> type.namespaced() || !scoped)
                .filter(type -> switch (subresource) {
                    case "" -> true;
                    case "status" -> type.hasStatus();
                    case "scale" -> type.scale().isObject();
                    case "log" -> type.resource().equals("pods");
                    default -> false;
                })
                .map(type -> new Target(type, scoped ? parts[at + 1] : "", orEmpty(parts[rest + 1]), subresource))
                .orElseThrow(() -> StatusException.noSuchPath(path));
    }

    private static String orEmpty(String part) {
        return part == null ? "" : part;
    }

    Store.Key key() {
        return new Store.Key(type.resource(), namespace, name);
    }

    /** The same without its subresource. */
    Target object() {
        return new Target(type, namespace, name, "");
    }
}
