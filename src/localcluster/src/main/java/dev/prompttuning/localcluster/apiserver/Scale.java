package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;

/**
 * The scale subresource: an {@code autoscaling/v1 Scale} in front of an object's replicas.
 *
 * @param paths of a kind's definition
 */
record Scale(JsonNode paths) {

    /** Where the definition says that something stands, as a JSON pointer. */
    private String pointer(String of) {
        return Json.text(paths, of).replace('.', '/');
    }

    ObjectNode read(ObjectNode object) {
        JsonNode selector = object.at(pointer("labelSelectorPath"));
        String labels = selector.path("matchLabels")
                .propertyStream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
        ObjectNode metadata = Json.metadata(object.deepCopy());
        ObjectNode spec =
                Json.of("replicas", object.at(pointer("specReplicasPath")).asInt());
        ObjectNode status = Json.of(
                "replicas",
                object.at(pointer("statusReplicasPath")).asInt(),
                "selector",
                labels.isEmpty() ? selector.asText("") : labels);
        return Json.kind("autoscaling/v1", "Scale", "metadata", metadata, "spec", spec, "status", status);
    }

    /** The object with the replicas that a Scale asks for. */
    ObjectNode write(ObjectNode scale, ObjectNode object) {
        ObjectNode next = object.deepCopy();
        Json.set(Json.metadata(next), "resourceVersion", Json.at(scale, "metadata", "resourceVersion"));
        String replicas = pointer("specReplicasPath");
        int last = replicas.lastIndexOf('/');
        next.withObject(replicas.substring(0, last))
                .set(replicas.substring(last + 1), Json.at(scale, "spec", "replicas"));
        return next;
    }
}
