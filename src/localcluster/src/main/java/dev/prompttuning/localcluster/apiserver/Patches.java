package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.List;
import java.util.Map;

/** The patches that say what to change: JSON patch (RFC 6902), merge patch (RFC 7396) and strategic merge patch. */
final class Patches {
    private static final String DIRECTIVE = "$patch";
    private static final String DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";
    private static final String SET_ELEMENT_ORDER = "$setElementOrder/";
    private static final String RETAIN_KEYS = "$retainKeys";

    private Patches() {}

    static JsonNode json(JsonNode target, JsonNode patch) {
        try {
            return JsonPatch.apply(patch, target);
        } catch (JsonPatchException | IllegalArgumentException e) {
            throw StatusException.badRequest("the JSON patch cannot be applied: " + e.getMessage());
        }
    }

    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode merged = target.isObject() ? target.deepCopy() : Json.object();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                merged.remove(field.getKey());
            } else {
                merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
            }
        }
        return merged;
    }

    /** Like a merge patch, but lists of objects with a key (containers, ports, env, …) are merged by it. */
    static JsonNode strategic(JsonNode target, JsonNode patch, Schema schema) {
        if (!patch.isObject()) {
            return patch;
        }
        String directive = patch.path(DIRECTIVE).asText("");
        ObjectNode merged = target.isObject() && !directive.equals("replace") ? target.deepCopy() : Json.object();
        if (patch.has(RETAIN_KEYS)) {
            merged.retain(Json.strings(patch.path(RETAIN_KEYS)));
        }
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            strategicField(merged, field.getKey(), field.getValue(), schema);
        }
        return merged;
    }

    private static void strategicField(ObjectNode merged, String name, JsonNode value, Schema schema) {
        if (name.startsWith(DELETE_FROM_PRIMITIVE_LIST)) {
            String list = name.substring(DELETE_FROM_PRIMITIVE_LIST.length());
            merged.set(list, without(merged.path(list), value));
        } else if (name.equals(DIRECTIVE) || name.equals(RETAIN_KEYS) || name.startsWith(SET_ELEMENT_ORDER)) {
            return; // The order of lists that are maps or sets means nothing.
        } else if (value.isNull()) {
            merged.remove(name);
        } else if (value.isArray()) {
            merged.set(name, strategicList(merged.path(name), (ArrayNode) value, schema.field(name)));
        } else {
            merged.set(name, strategic(merged.path(name), value, schema.field(name)));
        }
    }

    private static ArrayNode strategicList(JsonNode target, ArrayNode patch, Schema schema) {
        if (schema.isSet()) {
            ArrayNode union = without(target, patch);
            return union.addAll(patch);
        }
        List<String> keys = schema.listKeys();
        if (keys.isEmpty()) {
            return patch;
        }
        // Strategic merge knows one key per list where server-side apply may know several: the first.
        String key = keys.get(0);
        ArrayNode merged = Json.MAPPER.createArrayNode();
        boolean replace = false;
        for (JsonNode element : patch) {
            replace |= element.path(DIRECTIVE).asText("").equals("replace");
        }
        if (!replace) {
            target.forEach(merged::add);
        }
        for (JsonNode element : patch) {
            mergeElement(merged, element, key, schema.items());
        }
        return merged;
    }

    private static void mergeElement(ArrayNode merged, JsonNode element, String key, Schema schema) {
        String directive = element.path(DIRECTIVE).asText("");
        int at = indexOf(merged, key, element.path(key));
        if (directive.equals("delete")) {
            if (at >= 0) {
                merged.remove(at);
            }
        } else if (at >= 0) {
            merged.set(at, strategic(merged.path(at), element, schema));
        } else if (element.has(key)) {
            merged.add(strategic(Json.object(), element, schema));
        }
    }

    private static int indexOf(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (Json.same(list.path(i).path(key), value)) {
                return i;
            }
        }
        return -1;
    }

    private static ArrayNode without(JsonNode list, JsonNode removed) {
        ArrayNode kept = Json.MAPPER.createArrayNode();
        for (JsonNode element : list) {
            boolean remove = false;
            for (JsonNode each : removed) {
                remove |= Json.same(each, element);
            }
            if (!remove) {
                kept.add(element);
            }
        }
        return kept;
    }
}
