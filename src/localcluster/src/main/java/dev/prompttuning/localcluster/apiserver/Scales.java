package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** The scale subresource: an {@code autoscaling/v1 Scale} in front of an object's replicas. */
final class Scales {
    private final Resources resources;

    Scales(Resources resources) {
        this.resources = resources;
    }

    Resources.Answer handle(ApiRequest request, Target target) {
        ResourceType.Scale paths = target.type().scale().orElseThrow(() -> StatusException.noSuchPath(request.path()));
        ObjectNode object = resources.find(target);
        ObjectNode scale = scale(object, paths);
        if (request.method().equals("GET")) {
            return new Resources.Answer(200, scale);
        }
        JsonNode body = Json.parse(request.body());
        JsonNode wanted =
                switch (request.method()) {
                    case "PUT" -> body;
                    case "PATCH" ->
                        request.contentType().startsWith("application/json-patch")
                                ? Patches.json(scale, body)
                                : Patches.merge(scale, body);
                    default -> throw StatusException.methodNotAllowed(request.method());
                };
        String version = Json.text(wanted, "metadata", "resourceVersion");
        ObjectNode next = object.deepCopy();
        Json.metadata(next).put("resourceVersion", version);
        String[] path = path(paths.specReplicas());
        ObjectNode parent = next;
        for (int i = 0; i < path.length - 1; i++) {
            parent = parent.withObjectProperty(path[i]);
        }
        parent.put(path[path.length - 1], Json.at(wanted, "spec", "replicas").asInt());
        Target main = new Target(target.type(), target.namespace(), target.name(), "");
        ObjectNode stored = resources.commit(request, main, object, next, false).body();
        return new Resources.Answer(200, scale(stored, paths));
    }

    private static ObjectNode scale(ObjectNode object, ResourceType.Scale paths) {
        ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            Json.set(metadata, field, Json.at(object, "metadata", field));
        }
        scale.putObject("spec")
                .put("replicas", Json.at(object, path(paths.specReplicas())).asInt());
        ObjectNode status = scale.putObject("status");
        status.put("replicas", Json.at(object, path(paths.statusReplicas())).asInt());
        JsonNode selector =
                paths.labelSelector().isEmpty() ? Json.object() : Json.at(object, path(paths.labelSelector()));
        String text = selector.isObject()
                ? selector.path("matchLabels").properties().stream()
                        .map(label -> label.getKey() + "=" + label.getValue().asText())
                        .collect(Collectors.joining(","))
                : selector.asText("");
        if (!text.isEmpty()) {
            status.put("selector", text);
        }
        return scale;
    }

    private static String[] path(String jsonPath) {
        return jsonPath.substring(1).split("\\.");
    }
}
