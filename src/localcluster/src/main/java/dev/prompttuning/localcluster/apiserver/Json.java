package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the server does with JSON trees. A tree in the store is never changed: whoever changes one works on a copy. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** JSON is YAML too, but its own parser is faster. */
    static JsonNode parse(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException notJson) {
            try {
                return YAML.readTree(body);
            } catch (IOException e) {
                throw StatusException.badRequest("the request's body cannot be read: " + e.getMessage());
            }
        }
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static String write(JsonNode node) {
        return node.toString();
    }

    /** The node under these field names, missing when one of them is. */
    static JsonNode at(JsonNode node, String... path) {
        JsonNode at = node;
        for (String name : path) {
            at = at == null ? MissingNode.getInstance() : at.path(name);
        }
        return at;
    }

    static String text(JsonNode node, String... path) {
        return at(node, path).asText("");
    }

    static ObjectNode metadata(ObjectNode object) {
        return object.withObjectProperty("metadata");
    }

    static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    static String uid(JsonNode object) {
        return text(object, "metadata", "uid");
    }

    static long revision(JsonNode object) {
        return at(object, "metadata", "resourceVersion").asLong();
    }

    /** Sets the field, or removes it when there is no value. */
    static void set(ObjectNode object, String field, JsonNode value) {
        if (value == null || value.isMissingNode()) {
            object.remove(field);
        } else {
            object.set(field, value);
        }
    }

    /** Equality that takes 1, 1L and 1.0 for the same number. */
    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(
                (x, y) -> x.isNumber() && y.isNumber()
                        ? x.decimalValue().compareTo(y.decimalValue())
                        : x.equals(y) ? 0 : 1,
                b);
    }

    static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(node -> strings.add(node.asText()));
        return strings;
    }

    /** The field names of both, sorted. */
    static Set<String> names(JsonNode a, JsonNode b) {
        Set<String> names = new TreeSet<>();
        for (JsonNode node : List.of(a, b)) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                names.add(field.getKey());
            }
        }
        return names;
    }
}
