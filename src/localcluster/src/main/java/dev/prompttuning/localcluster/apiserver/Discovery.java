package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What is served: {@code /api}, {@code /apis} and the resource lists of each version. Clients that would rather have all
 * in one aggregated answer take these too.
 */
record Discovery(ResourceTypes types) {
    private static final List<String> VERBS = List.of("create", "delete", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    ObjectNode coreVersions() {
        return Json.kind("v1", "APIVersions", "versions", List.of("v1"));
    }

    ObjectNode groups() {
        List<ObjectNode> groups = types.all().stream()
                .map(ResourceType::group)
                .filter(group -> !group.isEmpty())
                .distinct()
                .map(this::group)
                .toList();
        return Json.kind("v1", "APIGroupList", "groups", groups);
    }

    private ObjectNode group(String name) {
        List<ObjectNode> versions = types.all().stream()
                .filter(type -> type.group().equals(name))
                .map(type -> Json.of("groupVersion", type.apiVersion(), "version", type.version()))
                .distinct()
                .toList();
        return Json.of("name", name, "versions", versions, "preferredVersion", versions.get(0));
    }

    /** @param groupPath such as {@code api/v1} or {@code apis/batch/v1} @throws StatusException 404 */
    ObjectNode resources(String groupPath) {
        List<ResourceType> served = types.of(groupPath);
        List<ObjectNode> resources = new ArrayList<>();
        for (ResourceType type : served) {
            ObjectNode main = resource(type, "", type.kind(), VERBS).setAll((ObjectNode) type.names());
            resources.add(main.put("singularName", type.singular()));
            if (type.hasStatus()) {
                resources.add(resource(type, "/status", type.kind(), SUBRESOURCE_VERBS));
            }
            if (type.scale().isObject()) {
                ObjectNode scale = resource(type, "/scale", "Scale", SUBRESOURCE_VERBS);
                resources.add(scale.setAll(Json.of("group", "autoscaling", "version", "v1")));
            }
        }
        String groupVersion = served.get(0).apiVersion();
        return Json.kind("v1", "APIResourceList", "groupVersion", groupVersion, "resources", resources);
    }

    private static ObjectNode resource(ResourceType type, String subresource, String kind, List<String> verbs) {
        String name = type.plural() + subresource;
        ObjectNode resource = Json.of("name", name, "singularName", "", "namespaced", type.namespaced());
        return resource.setAll(Json.of("kind", kind, "verbs", verbs));
    }
}
