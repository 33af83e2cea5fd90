package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.function.Consumer;

/**
 * A value somewhere in an object, with what the schema says of it.
 *
 * @param path as people write it, {@code spec.ports[0].name}
 * @param before what stood there before the change; missing when nothing did, and in lists
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
                String at = path + "[" + i + "]";
                new Field(at, schema.items(), value.path(i), MissingNode.getInstance()).visit(visitor);
            }
        }
    }

    private Field child(String name, JsonNode child) {
        return new Field(pathOf(name), schema.field(name), child, before.path(name));
    }

    String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
