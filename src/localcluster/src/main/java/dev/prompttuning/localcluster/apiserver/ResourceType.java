package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** A kind in one version, as discovery tells it: built in, or from a CustomResourceDefinition. */
record ResourceType(
        String group,
        String version,
        Names names,
        boolean namespaced,
        boolean custom,
        boolean hasStatus,
        Optional<Scale> scale,
        Schema schema,
        List<Column> columns) {

    record Names(String kind, String plural, String singular, List<String> shortNames, List<String> categories) {}

    /** JSON paths of the scale subresource. */
    record Scale(String specReplicas, String statusReplicas, String labelSelector) {}

    /** A column of {@code kubectl get}; priority 0 is always shown, above only by {@code -o wide}. */
    record Column(String name, String type, String jsonPath, int priority) {}

    static ResourceType custom(JsonNode definition, JsonNode version, BuiltinSchemas schemas) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        String kind = names.path("kind").asText();
        String plural = names.path("plural").asText();
        JsonNode scale = version.path("subresources").path("scale");
        return new ResourceType(
                spec.path("group").asText(),
                version.path("name").asText(),
                new Names(
                        kind,
                        plural,
                        names.path("singular").asText(kind.toLowerCase(java.util.Locale.ROOT)),
                        Json.strings(names.path("shortNames")),
                        Json.strings(names.path("categories"))),
                spec.path("scope").asText().equals("Namespaced"),
                true,
                version.path("subresources").has("status"),
                scale.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(new Scale(
                                scale.path("specReplicasPath").asText(),
                                scale.path("statusReplicasPath").asText(),
                                scale.path("labelSelectorPath").asText(""))),
                schemas.custom(version.path("schema").path("openAPIV3Schema")),
                columns(version.path("additionalPrinterColumns")));
    }

    private static List<Column> columns(JsonNode columns) {
        List<Column> list = new java.util.ArrayList<>();
        for (JsonNode column : columns) {
            list.add(new Column(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    column.path("jsonPath").asText(),
                    column.path("priority").asInt(0)));
        }
        return list.isEmpty()
                ? List.of(new Column("Age", "date", ".metadata.creationTimestamp", 0))
                : List.copyOf(list);
    }

    String kind() {
        return names.kind();
    }

    String plural() {
        return names.plural();
    }

    /** {@code plural.group}: how messages name it, and where the store keeps its objects, whatever the version. */
    String resource() {
        return group.isEmpty() ? plural() : plural() + "." + group;
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The path of its group and version, {@code api/v1} or {@code apis/batch/v1}. */
    String groupPath() {
        return group.isEmpty() ? "api/" + version : "apis/" + apiVersion();
    }

    Store.Key key(String namespace, String name) {
        return new Store.Key(resource(), namespaced ? namespace : "", name);
    }

    Store.Key key(JsonNode object) {
        return key(Json.text(object, "metadata", "namespace"), Json.name(object));
    }

    /** Whether {@code metadata.generation} counts changes of its spec. */
    boolean hasGeneration() {
        return custom || hasStatus;
    }

    /** Field order as clients expect to read it. */
    ObjectNode named(JsonNode object) {
        ObjectNode named = Json.object().put("apiVersion", apiVersion()).put("kind", kind());
        object.properties().forEach(field -> {
            if (!named.has(field.getKey())) {
                named.set(field.getKey(), field.getValue());
            }
        });
        return named;
    }
}
