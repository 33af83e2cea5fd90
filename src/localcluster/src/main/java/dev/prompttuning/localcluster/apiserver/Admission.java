package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The gate before the store: unknown fields, defaults, schema, the built-in kinds' own checks and CEL rules. */
final class Admission {
    private final CelRules rules;

    Admission(CelRules rules) {
        this.rules = rules;
    }

    /**
     * Drops unknown fields of what a client sent.
     *
     * @return the warnings to answer with, when the client asked for no more than warnings
     */
    List<String> prune(ResourceType type, ObjectNode object, String fieldValidation) {
        List<String> unknown = Schemas.prune(object, type.schema()).stream()
                .map(path -> "unknown field \"" + path + "\"")
                .toList();
        if (unknown.isEmpty() || fieldValidation.equals("Ignore")) {
            return List.of();
        }
        if (fieldValidation.equals("Strict")) {
            throw StatusException.badRequest("%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
                    .formatted(type.kind(), type.version(), type.kind(), String.join(", ", unknown)));
        }
        return unknown;
    }

    /** Completes the object in place. @param before null when it is new @throws StatusException 422 */
    void admit(ResourceType type, ObjectNode object, ObjectNode before, String now) {
        Schemas.applyDefaults(object, type.schema());
        List<StatusException.Cause> causes = new ArrayList<>(BuiltinAdmission.admit(type, object, before, now));
        causes.addAll(Schemas.validate(object, type.schema()));
        if (causes.isEmpty() && type.custom()) {
            causes.addAll(rules.check(object, before, type.schema()));
        }
        if (!causes.isEmpty()) {
            throw StatusException.invalid(type, Json.name(object), causes);
        }
    }
}
