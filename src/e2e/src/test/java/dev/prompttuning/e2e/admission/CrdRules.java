package dev.prompttuning.e2e.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every limit and rule that a CRD's schema states, named as {@link AdmissionCase#rule} names it. */
public final class CrdRules {
    private static final List<String> LIMITS = List.of(
            "minimum",
            "maximum",
            "pattern",
            "enum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "multipleOf",
            "uniqueItems");

    private final Set<String> found = new TreeSet<>();

    private CrdRules() {}

    public static Set<String> of(String crdName) throws IOException {
        Path file = Path.of(System.getProperty("project.root"), "crds", crdName + "-v1.yml");
        CrdRules rules = new CrdRules();
        JsonNode spec = new YAMLMapper()
                .readTree(Files.readString(file))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
        rules.walk("spec", spec);
        return rules.found;
    }

    private void walk(String path, JsonNode schema) {
        for (String limit : LIMITS) {
            if (schema.has(limit)) {
                found.add(path + " " + limit);
            }
        }
        schema.path("required").forEach(field -> found.add(path + " required " + field.asText()));
        schema.path("x-kubernetes-validations")
                .forEach(
                        rule -> found.add(path + " rule " + rule.path("message").asText()));
        schema.path("properties").properties().forEach(field -> walk(path + "." + field.getKey(), field.getValue()));
        if (schema.has("items")) {
            walk(path + "[]", schema.get("items"));
        }
        if (schema.path("additionalProperties").isObject()) {
            walk(path + "{}", schema.get("additionalProperties"));
        }
    }
}
