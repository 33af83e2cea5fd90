package dev.prompttuning.e2e.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    public static Set<String> of(String kind) throws IOException {
        CrdRules rules = new CrdRules();
        rules.walk("spec", spec(kind));
        return rules.found;
    }

    private static JsonNode spec(String kind) throws IOException {
        Path file = Path.of(
                System.getProperty("project.root"),
                "crds",
                kind.toLowerCase(Locale.ROOT) + "s.prompttuning.dev-v1.yml");
        return new YAMLMapper()
                .readTree(Files.readString(file))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    }

    /** The defaults that apply to a spec, by JSON pointer: those of fields whose object is there. */
    public static Map<String, JsonNode> defaults(String kind, JsonNode spec) throws IOException {
        Map<String, JsonNode> defaults = new TreeMap<>();
        defaults("", spec(kind), spec, defaults);
        return defaults;
    }

    private static void defaults(String path, JsonNode schema, JsonNode value, Map<String, JsonNode> into) {
        schema.path("properties").properties().forEach(field -> {
            String name = path + "/" + field.getKey();
            if (field.getValue().has("default")) {
                into.put(name, field.getValue().get("default"));
            }
            if (value.path(field.getKey()).isObject()) {
                defaults(name, field.getValue(), value.get(field.getKey()), into);
            }
        });
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
