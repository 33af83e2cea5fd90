package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.List;

/** The patches that say what to change: JSON patch (RFC 6902), merge patch (RFC 7396) and strategic merge patch. */
final class Patches {
    private static final String DIRECTIVE = "$patch";

    private Patches() {}

    /** @throws StatusException 400, 415 */
    static ObjectNode apply(String contentType, ObjectNode target, JsonNode patch, Schema schema) {
        JsonNode patched =
                switch (contentType.split(";")[0].trim()) {
                    case "application/json-patch+json" -> json(target, patch);
                    case "application/merge-patch+json" -> merge(target, patch, Schema.ANY);
                    case "application/strategic-merge-patch+json" -> merge(target, patch, schema);
                    default -> throw StatusException.unsupportedMediaType("unknown kind of patch: " + contentType);
                };
        if (patched instanceof ObjectNode object) {
            return object.deepCopy();
        }
        throw StatusException.badRequest("the patch leaves no object");
    }

    private static JsonNode json(JsonNode target, JsonNode patch) {
        try {
            return JsonPatch.apply(patch, target);
        } catch (JsonPatchException | IllegalArgumentException e) {
            throw StatusException.badRequest("the JSON patch cannot be applied: " + e.getMessage());
        }
    }

    /** A merge patch where the schema knows no list that is a map (containers, ports, env, …), else a strategic one. */
    private static JsonNode merge(JsonNode target, JsonNode patch, Schema schema) {
        if (patch instanceof ArrayNode list && !schema.listKeys().isEmpty()) {
            // Strategic merge knows one key per list where server-side apply may know several: the first.
            return mergeByKey(target, list, schema.listKeys().get(0), schema.items());
        }
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode merged = target.isObject() && !isDirective(patch, "replace") ? target.deepCopy() : Json.of();
        if (patch.has("$retainKeys")) {
            merged.retain(Json.strings(patch.path("$retainKeys")));
        }
        patch.forEachEntry((name, value) -> {
            if (value.isNull()) {
                merged.remove(name);
            } else if (!name.startsWith("$")) { // what other directives say of the order means nothing
                merged.set(name, merge(merged.path(name), value, schema.field(name)));
            }
        });
        return merged;
    }

    private static ArrayNode mergeByKey(JsonNode target, ArrayNode patch, String key, Schema schema) {
        boolean replace = patch.valueStream().anyMatch(element -> isDirective(element, "replace"));
        ArrayNode merged = Json.array(replace ? List.of() : target.valueStream().toList());
        for (JsonNode element : patch) {
            int at = 0;
            while (at < merged.size() && !Json.same(merged.path(at).path(key), element.path(key))) {
                at++;
            }
            if (isDirective(element, "delete")) {
                merged.remove(at);
            } else if (at < merged.size()) {
                merged.set(at, merge(merged.path(at), element, schema));
            } else if (element.has(key)) {
                merged.add(merge(Json.of(), element, schema));
            }
        }
        return merged;
    }

    private static boolean isDirective(JsonNode patch, String word) {
        return patch.path(DIRECTIVE).asText().equals(word);
    }
}
