package dev.prompttuning.e2e.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of a CRD: a value that it lets pass, one that it refuses, and the message that a user then reads. The files under
 * {@code admission} hold them; values are what differs from a spec that is valid, with null for what is taken away.
 *
 * @param rule the field's path, and the schema's keyword or {@code rule MESSAGE}
 * @param before for rules about changes, what was there; else null
 * @param message as kubectl shows it, with the field before it
 */
public record AdmissionCase(
        String kind, String rule, JsonNode before, JsonNode valid, JsonNode invalid, String message) {
    private static final Path FOLDER =
            Path.of(System.getProperty("project.root"), "src", "e2e", "src", "test", "resources", "admission");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String JOB =
            """
            baseModel: {persistentVolumeClaim: {claimName: work, path: model}}
            method: {promptTuning: {numVirtualTokens: 8}}
            dataset: {train: {persistentVolumeClaim: {claimName: work, path: rows.jsonl}}}
            output: {persistentVolumeClaim: {claimName: work}}
            """;
    private static final String SERVE = "baseModel: {persistentVolumeClaim: {claimName: work, path: model}}";

    /** All cases of all files. */
    public static List<AdmissionCase> all() throws IOException {
        List<AdmissionCase> cases = new ArrayList<>();
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                JsonNode table = YAML.readTree(Files.readString(file));
                for (JsonNode row : table.path("cases")) {
                    cases.add(new AdmissionCase(
                            table.path("kind").asText(),
                            row.path("rule").asText(),
                            row.get("before"),
                            row.path("valid"),
                            row.path("invalid"),
                            row.path("message").asText()));
                }
            }
        }
        return cases;
    }

    /** A resource of this kind with such a spec. */
    public GenericKubernetesResource resource(String name, JsonNode change) throws IOException {
        ObjectNode resource = new ObjectMapper().createObjectNode();
        resource.put("apiVersion", "prompttuning.dev/v1alpha1").put("kind", kind);
        resource.putObject("metadata").put("name", name);
        resource.set("spec", merged(YAML.readTree(kind.equals("AdapterServe") ? SERVE : JOB), change));
        return new ObjectMapper().treeToValue(resource, GenericKubernetesResource.class);
    }

    /** A JSON merge patch (RFC 7396), in which {@code {$repeat: what, $times: n}} stands for long texts and lists. */
    private static JsonNode merged(JsonNode base, JsonNode change) {
        if (change.has("$repeat")) {
            return repeated(change.get("$repeat"), change.path("$times").asInt());
        }
        if (!change.isObject()) {
            return change;
        }
        ObjectNode result = base instanceof ObjectNode object ? object.deepCopy() : YAML.createObjectNode();
        change.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                result.remove(field.getKey());
            } else {
                result.set(field.getKey(), merged(result.path(field.getKey()), field.getValue()));
            }
        });
        return result;
    }

    private static JsonNode repeated(JsonNode what, int times) {
        if (what.isTextual()) {
            return TextNode.valueOf(what.asText().repeat(times));
        }
        ArrayNode list = YAML.createArrayNode();
        for (int i = 0; i < times; i++) {
            list.add(what.get(0));
        }
        return list;
    }

    @Override
    public String toString() {
        return kind + " " + rule;
    }
}
