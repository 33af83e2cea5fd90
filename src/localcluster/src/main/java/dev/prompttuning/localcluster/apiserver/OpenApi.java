package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** OpenAPI v3 documents, one per group and version: what {@code kubectl explain} and {@code apply} look for. */
record OpenApi(ResourceTypes types) {
    private static final String GVK = "x-kubernetes-group-version-kind";
    /** That a kind can be patched with these parameters is all that is asked of its operations. */
    private static final JsonNode PARAMETERS = Json.parse(
            """
            - {name: dryRun, in: query, schema: {type: string}}
            - {name: fieldManager, in: query, schema: {type: string}}
            - {name: fieldValidation, in: query, schema: {type: string}}
            """);

    ObjectNode index() {
        ObjectNode paths = Json.of();
        for (String path : types.groupPaths()) {
            String url = "/openapi/v3/%s?hash=%x".formatted(path, types.of(path).hashCode());
            paths.set(path, Json.of("serverRelativeURL", url));
        }
        return Json.of("paths", paths);
    }

    /** @param groupPath such as {@code api/v1} or {@code apis/batch/v1} @throws StatusException 404 */
    ObjectNode document(String groupPath) {
        ObjectNode paths = Json.of();
        ObjectNode schemas = Json.of();
        for (ResourceType type : types.of(groupPath)) {
            ObjectNode kind = Json.of("group", type.group(), "version", type.version(), "kind", type.kind());
            ObjectNode patch = Json.of("x-kubernetes-action", "patch", GVK, kind, "parameters", PARAMETERS);
            paths.set("/%s/%s/{name}".formatted(groupPath, type.plural()), Json.of("patch", patch));
            ObjectNode schema = type.schema().node().deepCopy();
            schemas.set(type.kind() + "." + type.version(), schema.setAll(Json.of(GVK, List.of(kind))));
        }
        ObjectNode info = Json.of("title", "Kubernetes", "version", "v1");
        ObjectNode components = Json.of("schemas", schemas);
        return Json.of("openapi", "3.0.0", "info", info, "paths", paths, "components", components);
    }
}
