package dev.prompttuning.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * JSON schemas for kubeconform from an API server's OpenAPI documents.
 *
 * @param server answers a path with a document
 */
record ClusterSchemas(UnaryOperator<String> server) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VERSIONS =
            List.of("api/v1", "apis/apps/v1", "apis/batch/v1", "apis/rbac.authorization.k8s.io/v1");
    private static final String KIND = "x-kubernetes-group-version-kind";

    /** Writes {@code KIND-GROUP-VERSION.json} for each kind. */
    void writeTo(Path folder) throws IOException {
        for (String version : VERSIONS) {
            JsonNode components =
                    strict(JSON.readTree(server.apply("/openapi/v3/" + version)).path("components"));
            for (var schema : components.path("schemas").properties()) {
                for (JsonNode kind : schema.getValue().path(KIND)) {
                    ObjectNode document = JSON.createObjectNode();
                    document.put("$ref", "#/components/schemas/" + schema.getKey());
                    document.set("components", components);
                    Files.writeString(folder.resolve(fileName(kind)), document.toString());
                }
            }
        }
    }

    /** As kubeconform fills in its pattern: of a group, the part before the first dot. */
    private static String fileName(JsonNode kind) {
        String group = kind.path("group").asText().split("\\.")[0];
        String suffix =
                (group.isEmpty() ? "" : group + "-") + kind.path("version").asText();
        return kind.path("kind").asText().toLowerCase(Locale.ROOT) + "-" + suffix + ".json";
    }

    /** No object has properties that it does not name; quantities are numbers or texts, so {@code oneOf} means any. */
    private static JsonNode strict(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.has("properties") && !object.has("additionalProperties")) {
                object.put("additionalProperties", false);
            }
            if (object.has("oneOf")) {
                object.set("anyOf", object.remove("oneOf"));
            }
        }
        node.forEach(ClusterSchemas::strict);
        return node;
    }
}
