package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;

/**
 * A node of an OpenAPI v3 schema as Kubernetes extends it. Those of a custom resource are spelt out; those of built-in
 * kinds refer to {@code components} by {@code $ref}.
 */
record Schema(JsonNode node, Map<String, ? extends JsonNode> components) {
    static final String COMPONENTS = "#/components/schemas/";
    /** Knows nothing and so allows everything. */
    static final Schema ANY = new Schema(MissingNode.getInstance(), Map.of());

    private Schema child(JsonNode child) {
        if (!child.isObject()) {
            return ANY;
        }
        // A reference that carries a default stands in an allOf, as in Kubernetes' own documents.
        JsonNode target =
                child.path("allOf").path(0).has("$ref") ? child.path("allOf").path(0) : child;
        String reference = target.path("$ref").asText("");
        return reference.isEmpty()
                ? new Schema(child, components)
                : new Schema(components.get(reference.substring(COMPONENTS.length())), components);
    }

    /** The default of a field, missing when it has none. */
    JsonNode defaultOf(String name) {
        return node.path("properties").path(name).path("default");
    }

    String type() {
        return node.path("type").asText("");
    }

    boolean isKnown() {
        return node.isObject();
    }

    /** The schema of a field, from {@code properties} or {@code additionalProperties}, or {@link #ANY}. */
    Schema field(String name) {
        JsonNode property = node.path("properties").path(name);
        return property.isMissingNode() ? child(node.path("additionalProperties")) : child(property);
    }

    boolean declares(String name) {
        return node.path("properties").has(name);
    }

    Schema items() {
        return child(node.path("items"));
    }

    /** Whether fields that the schema does not name are kept. */
    boolean keepsUnknownFields() {
        return !isKnown()
                || flag("x-kubernetes-preserve-unknown-fields")
                || node.path("additionalProperties").isObject()
                || node.path("additionalProperties").asBoolean(false)
                || (type().equals("object") && !node.has("properties") && flag("x-kubernetes-embedded-resource"));
    }

    boolean flag(String extension) {
        return node.path(extension).asBoolean(false);
    }

    /** The fields that identify an element of this list; empty unless it is a list of type map. */
    List<String> listKeys() {
        return listType().equals("map") ? Json.strings(node.path("x-kubernetes-list-map-keys")) : List.of();
    }

    boolean isSet() {
        return listType().equals("set");
    }

    boolean isAtomic() {
        return node.path("x-kubernetes-map-type").asText("").equals("atomic");
    }

    private String listType() {
        return node.path("x-kubernetes-list-type").asText("atomic");
    }
}
