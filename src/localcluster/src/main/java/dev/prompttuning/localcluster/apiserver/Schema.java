package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A node of an OpenAPI v3 schema as Kubernetes extends it; a missing one knows nothing and so allows everything. */
record Schema(JsonNode node) {
    static final Schema ANY = new Schema(MissingNode.getInstance());

    /** The schema of a field, from {@code properties} or {@code additionalProperties}, or {@link #ANY}. */
    Schema field(String name) {
        JsonNode property = node.path("properties").path(name);
        return new Schema(property.isMissingNode() ? node.path("additionalProperties") : property);
    }

    Schema items() {
        return new Schema(node.path("items"));
    }

    /** Whether a field of this name may stay in an object. */
    boolean allows(String name) {
        JsonNode others = node.path("additionalProperties");
        return node.path("properties").has(name)
                || !node.isObject()
                || others.isObject()
                || others.asBoolean()
                || node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    /** The fields that identify an element of this list; empty unless it is a list of type map. */
    List<String> listKeys() {
        return listType("map") ? Json.strings(node.path("x-kubernetes-list-map-keys")) : List.of();
    }

    /** What identifies this element of a list of type map; keys that it leaves out take their default. */
    ObjectNode identity(JsonNode element) {
        ObjectNode identity = Json.of();
        for (String key : listKeys()) {
            Json.set(
                    identity,
                    key,
                    element.has(key)
                            ? element.path(key)
                            : items().field(key).node.path("default"));
        }
        return identity;
    }

    boolean isSet() {
        return listType("set");
    }

    private boolean listType(String type) {
        return node.path("x-kubernetes-list-type").asText().equals(type);
    }

    boolean isAtomic() {
        return node.path("x-kubernetes-map-type").asText().equals("atomic");
    }
}
