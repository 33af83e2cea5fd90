package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is served: {@code /api}, {@code /apis} (plain and aggregated) and the resource lists of each version. */
final class Discovery {
    static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        return versions;
    }

    ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        byGroup("apis/").forEach((group, versions) -> groups.add(group(group, versions)));
        return list;
    }

    ObjectNode group(String name) {
        List<String> versions = byGroup("apis/").get(name);
        if (versions == null) {
            throw StatusException.noSuchPath("/apis/" + name);
        }
        return group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1");
    }

    private static ObjectNode group(String name, List<String> versions) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode list = group.putArray("versions");
        for (String version : versions) {
            list.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", list.get(0));
        return group;
    }

    /** The resources of one version, in the plain form. */
    ObjectNode resources(String groupPath) {
        List<ResourceType> served = types.of(groupPath);
        if (served.isEmpty()) {
            throw StatusException.noSuchPath("/" + groupPath);
        }
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", served.get(0).apiVersion());
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : served) {
            ObjectNode resource = resource(resources.addObject(), type, type.plural(), type.kind(), VERBS);
            resource.put("singularName", type.names().singular());
            strings(resource, "shortNames", type.names().shortNames());
            strings(resource, "categories", type.names().categories());
            if (type.hasStatus()) {
                resource(resources.addObject(), type, type.plural() + "/status", type.kind(), SUBRESOURCE_VERBS);
            }
            if (type.scale().isPresent()) {
                resource(resources.addObject(), type, type.plural() + "/scale", "Scale", SUBRESOURCE_VERBS)
                        .put("group", "autoscaling")
                        .put("version", "v1");
            }
            if (type.resource().equals("pods")) {
                resource(resources.addObject(), type, "pods/log", "Pod", List.of("get"));
            }
        }
        return list;
    }

    private static ObjectNode resource(
            ObjectNode node, ResourceType type, String name, String kind, List<String> verbs) {
        node.put("name", name)
                .put("singularName", "")
                .put("namespaced", type.namespaced())
                .put("kind", kind);
        strings(node, "verbs", verbs);
        return node;
    }

    /** Every resource in one answer, which {@code kubectl} asks for first. */
    ObjectNode aggregated(boolean core) {
        ObjectNode list =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        byGroup(core ? "api/" : "apis/").forEach((group, versions) -> {
            ObjectNode item = items.addObject();
            ObjectNode metadata = item.putObject("metadata");
            if (!core) {
                metadata.put("name", group);
            }
            ArrayNode list2 = item.putArray("versions");
            for (String version : versions) {
                ObjectNode node = list2.addObject().put("version", version).put("freshness", "Current");
                ArrayNode resources = node.putArray("resources");
                String path = core ? "api/" + version : "apis/" + group + "/" + version;
                types.of(path).forEach(type -> resources.add(aggregated(type)));
            }
        });
        return list;
    }

    private static ObjectNode aggregated(ResourceType type) {
        ObjectNode node = Json.object().put("resource", type.plural());
        node.set("responseKind", kind(type.group(), type.version(), type.kind()));
        node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
        node.put("singularResource", type.names().singular());
        strings(node, "verbs", VERBS);
        strings(node, "shortNames", type.names().shortNames());
        strings(node, "categories", type.names().categories());
        ArrayNode subresources = node.putArray("subresources");
        if (type.hasStatus()) {
            subresource(subresources, "status", kind(type.group(), type.version(), type.kind()), SUBRESOURCE_VERBS);
        }
        if (type.scale().isPresent()) {
            subresource(subresources, "scale", kind("autoscaling", "v1", "Scale"), SUBRESOURCE_VERBS);
        }
        if (type.resource().equals("pods")) {
            subresource(subresources, "log", kind("", "v1", "Pod"), List.of("get"));
        }
        return node;
    }

    private static void subresource(ArrayNode list, String name, ObjectNode kind, List<String> verbs) {
        ObjectNode node = list.addObject().put("subresource", name);
        node.set("responseKind", kind);
        strings(node, "verbs", verbs);
    }

    private static ObjectNode kind(String group, String version, String kind) {
        return Json.object().put("group", group).put("version", version).put("kind", kind);
    }

    private static void strings(ObjectNode node, String field, List<String> values) {
        if (!values.isEmpty()) {
            values.forEach(node.putArray(field)::add);
        }
    }

    /** Versions by group of the group paths that begin so; the core group's name is empty. */
    private Map<String, List<String>> byGroup(String prefix) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String path : types.groupPaths()) {
            if (path.startsWith(prefix)) {
                String[] parts = path.split("/");
                String group = parts.length == 3 ? parts[1] : "";
                groups.computeIfAbsent(group, name -> new java.util.ArrayList<>())
                        .add(parts[parts.length - 1]);
            }
        }
        return groups;
    }
}
