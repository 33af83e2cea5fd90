package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.function.Consumer;

/**
 * A value somewhere in an object, with what the schema says of it.
 *
 * @param path as people write it, {@code spec.ports[0].name}
 * @param before what stood there before the change; missing when nothing did
 */
record Field(String path, Schema schema, JsonNode value, JsonNode before) {

    /** @param before null when the object is new */
    static Field of(JsonNode object, JsonNode before, Schema schema) {
        return new Field("", schema, object, before == null ? MissingNode.getInstance() : before);
    }

    /** Shows the visitor this field and then, as the visitor leaves them, all below it. */
    void visit(Consumer<Field> visitor) {
        visitor.accept(this);
        value.properties()
                .forEach(field -> child(field.getKey(), field.getValue()).visit(visitor));
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                JsonNode element = value.path(i);
                new Field(path + "[" + i + "]", schema.items(), element, former(element)).visit(visitor);
            }
        }
    }

    private Field child(String name, JsonNode child) {
        return new Field(pathOf(name), schema.field(name), child, before.path(name));
    }

    String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The same element of a list of type map; elements of other lists have no past. */
    private JsonNode former(JsonNode element) {
        JsonNode identity = schema.identity(element);
        return before.valueStream()
                .filter(each -> !identity.isEmpty() && schema.identity(each).equals(identity))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }
}
