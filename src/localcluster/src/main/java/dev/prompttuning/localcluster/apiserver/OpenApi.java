package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** OpenAPI v3 documents, one per group and version: what {@code kubectl explain} and {@code apply} look for. */
final class OpenApi {
    private static final String GVK = "x-kubernetes-group-version-kind";
    private final ResourceTypes types;

    OpenApi(ResourceTypes types) {
        this.types = types;
    }

    ObjectNode index() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        for (String path : types.groupPaths()) {
            int hash = types.of(path).hashCode();
            paths.putObject(path)
                    .put("serverRelativeURL", "/openapi/v3/%s?hash=%s".formatted(path, Integer.toHexString(hash)));
        }
        return index;
    }

    ObjectNode document(String groupPath) {
        List<ResourceType> served = types.of(groupPath);
        if (served.isEmpty()) {
            throw StatusException.noSuchPath("/openapi/v3/" + groupPath);
        }
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.33.0");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        types.schemas().components().forEach(schemas::set);
        for (ResourceType type : served) {
            String name = type.kind() + "." + type.version() + "." + type.resource();
            ObjectNode schema = type.schema().node().isObject()
                    ? type.schema().node().deepCopy()
                    : Json.object().put("type", "object");
            schema.putArray(GVK).add(gvk(type));
            schemas.set(name, schema);
            String collection =
                    "/" + groupPath + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
            operation(paths.putObject(collection), "post", "post", type, name);
            ObjectNode item = paths.putObject(collection + "/{name}");
            operation(item, "get", "get", type, name);
            operation(item, "patch", "patch", type, name);
            operation(item, "put", "put", type, name);
        }
        return document;
    }

    private static ObjectNode gvk(ResourceType type) {
        return Json.object()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    private static void operation(ObjectNode path, String verb, String action, ResourceType type, String schema) {
        ObjectNode operation = path.putObject(verb).put("x-kubernetes-action", action);
        operation.set(GVK, gvk(type));
        ArrayNode parameters = operation.putArray("parameters");
        for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
            parameters
                    .addObject()
                    .put("name", name)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", Schema.COMPONENTS + schema);
    }
}
