package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What the server does with JSON trees. A tree in the store is never changed: whoever changes one works on a copy. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final LoadSettings YAML = LoadSettings.builder().build();

    private Json() {}

    /** These field names and values in turn; what is missing is left out. */
    static ObjectNode of(Object... fields) {
        ObjectNode object = MAPPER.createObjectNode();
        for (int i = 0; i < fields.length; i += 2) {
            Object value = fields[i + 1];
            set(object, (String) fields[i], value instanceof JsonNode node ? node : MAPPER.valueToTree(value));
        }
        return object;
    }

    /** The same under a kind. */
    static ObjectNode kind(String apiVersion, String kind, Object... fields) {
        return of("kind", kind, "apiVersion", apiVersion).setAll(of(fields));
    }

    static ArrayNode array(Collection<? extends JsonNode> elements) {
        return MAPPER.createArrayNode().addAll(elements);
    }

    /** JSON is YAML too, but its own parser is faster. @throws StatusException 400 when it is neither */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException notJson) {
            try {
                return MAPPER.valueToTree(new Load(YAML).loadFromString(text));
            } catch (YamlEngineException e) {
                throw StatusException.badRequest("the request's body cannot be read: " + e.getMessage());
            }
        }
    }

    /** The node under these field names, missing when one of them is. */
    static JsonNode at(JsonNode node, String... path) {
        JsonNode at = node == null ? MissingNode.getInstance() : node;
        for (String name : path) {
            at = at.path(name);
        }
        return at;
    }

    static String text(JsonNode node, String... path) {
        return at(node, path).asText("");
    }

    /** As the API writes times: RFC 3339 in UTC, whole seconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
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

    /** Sets the field, or removes it when there is no value. */
    static void set(ObjectNode object, String field, JsonNode value) {
        if (value.isMissingNode()) {
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
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
