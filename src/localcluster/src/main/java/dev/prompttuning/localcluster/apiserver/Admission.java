package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.localcluster.apiserver.StatusException.Cause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The gate before the store: unknown fields, defaults, schema, and CEL rules. */
final class Admission {
    private final CelRules rules;

    Admission(CelRules rules) {
        this.rules = rules;
    }

    /**
     * Drops nulls, and the fields of custom resources that the schema does not know.
     *
     * @return the warnings to answer with, when the client asked for no more than warnings
     */
    List<String> prune(ResourceType type, ObjectNode object, String fieldValidation) {
        List<String> unknown = new ArrayList<>();
        Field.of(object, null, type.schema()).visit(field -> prune(field, type.custom(), unknown));
        if (unknown.isEmpty() || fieldValidation.equals("Ignore")) {
            return List.of();
        }
        if (fieldValidation.equals("Strict")) {
            throw StatusException.badRequest("%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
                    .formatted(type.kind(), type.version(), type.kind(), String.join(", ", unknown)));
        }
        return unknown;
    }

    private static void prune(Field field, boolean strict, List<String> unknown) {
        if (field.value() instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> child : List.copyOf(object.properties())) {
                boolean known = !strict || field.schema().allows(child.getKey());
                if (!known) {
                    unknown.add("unknown field \"" + field.pathOf(child.getKey()) + "\"");
                }
                if (!known || child.getValue().isNull()) {
                    object.remove(child.getKey());
                }
            }
        }
    }

    /** Completes the object in place. @param before null when it is new @throws StatusException 422 */
    void admit(ResourceType type, ObjectNode object, ObjectNode before) {
        switch (type.resource()) {
            case "secrets" -> encode(object);
            case "jobs.batch" -> select(object);
            default -> {}
        }
        Field root = Field.of(object, before, type.schema());
        root.visit(Admission::fill);
        List<Cause> causes = new ArrayList<>();
        root.visit(field -> Constraints.check(field, causes));
        if (causes.isEmpty()) {
            root.visit(field -> rules.check(field, causes));
        }
        if (!causes.isEmpty()) {
            throw StatusException.invalid(type, Json.name(object), causes);
        }
    }

    private static void fill(Field field) {
        if (field.value() instanceof ObjectNode object) {
            field.schema().node().path("properties").forEachEntry((name, property) -> {
                if (property.has("default") && !object.has(name)) {
                    object.set(name, property.path("default").deepCopy());
                }
            });
        }
    }

    private static void encode(ObjectNode secret) {
        secret.path("stringData").forEachEntry((name, text) -> {
            byte[] bytes = text.asText().getBytes(StandardCharsets.UTF_8);
            secret.withObject("/data").put(name, Base64.getEncoder().encodeToString(bytes));
        });
        secret.remove("stringData");
    }

    /** Tells a Job's pods from others. */
    private static void select(ObjectNode job) {
        if (!Json.at(job, "spec").has("selector")) {
            String prefix = "batch.kubernetes.io/";
            ObjectNode labels = Json.of(prefix + "controller-uid", Json.uid(job));
            job.withObject("/spec/selector/matchLabels").setAll(labels);
            labels.put(prefix + "job-name", Json.name(job));
            job.withObject("/spec/template/metadata/labels").setAll(labels);
        }
    }
}
