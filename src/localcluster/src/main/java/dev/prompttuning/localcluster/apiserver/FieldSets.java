package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sets of fields in the form of {@code managedFields}' FieldsV1: {@code f:name} a field, {@code k:{…}} the element of a
 * list that is a map, {@code v:…} a member of a set, {@code .} the thing itself; an empty object is a leaf.
 */
final class FieldSets {
    private static final String SELF = ".";

    private FieldSets() {}

    /** The object without what no manager owns. */
    static ObjectNode managed(ObjectNode object) {
        ObjectNode managed = object.deepCopy();
        managed.remove(List.of("apiVersion", "kind"));
        Json.metadata(managed)
                .remove(List.of(
                        "name",
                        "namespace",
                        "uid",
                        "resourceVersion",
                        "generation",
                        "creationTimestamp",
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds",
                        "managedFields",
                        "selfLink"));
        if (managed.path("metadata").isEmpty()) {
            managed.remove("metadata"); // as a leaf it would own all of it
        }
        return managed;
    }

    static ObjectNode of(JsonNode value, Schema schema) {
        ObjectNode set = Json.object();
        if (value.isObject() && !schema.isAtomic()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                set.set("f:" + field.getKey(), of(field.getValue(), schema.field(field.getKey())));
            }
        } else if (value.isArray() && isMap(schema)) {
            for (JsonNode element : value) {
                ObjectNode child = of(element, schema.items());
                child.putObject(SELF);
                set.set(key(element, schema), child);
            }
        } else if (value.isArray() && schema.isSet()) {
            value.forEach(element -> set.putObject("v:" + element));
        }
        return set;
    }

    private static boolean isMap(Schema schema) {
        return !schema.listKeys().isEmpty();
    }

    /** Keys that an element leaves out take their default, as {@code protocol} does in a container's port. */
    private static String key(JsonNode element, Schema list) {
        ObjectNode key = Json.object();
        for (String name : list.listKeys()) {
            JsonNode value =
                    element.has(name) ? element.path(name) : list.items().defaultOf(name);
            Json.set(key, name, value);
        }
        return "k:" + key;
    }

    static ObjectNode union(ObjectNode a, ObjectNode b) {
        ObjectNode union = a.deepCopy();
        b.properties().forEach(field -> {
            JsonNode mine = union.path(field.getKey());
            union.set(
                    field.getKey(),
                    mine.isObject() ? union((ObjectNode) mine, (ObjectNode) field.getValue()) : field.getValue());
        });
        return union;
    }

    static ObjectNode intersection(ObjectNode a, ObjectNode b) {
        ObjectNode both = Json.object();
        for (Map.Entry<String, JsonNode> field : a.properties()) {
            JsonNode other = b.path(field.getKey());
            if (other.isObject()) {
                ObjectNode child = intersection((ObjectNode) field.getValue(), (ObjectNode) other);
                boolean leaf = field.getValue().isEmpty() || other.isEmpty();
                if (leaf || !child.isEmpty()) {
                    both.set(field.getKey(), child);
                }
            }
        }
        return both;
    }

    /** What is in {@code a} and not in {@code b}. */
    static ObjectNode difference(ObjectNode a, ObjectNode b) {
        ObjectNode rest = Json.object();
        for (Map.Entry<String, JsonNode> field : a.properties()) {
            JsonNode other = b.path(field.getKey());
            if (!other.isObject()) {
                rest.set(field.getKey(), field.getValue());
            } else if (!field.getValue().isEmpty() && !other.isEmpty()) {
                ObjectNode child = difference((ObjectNode) field.getValue(), (ObjectNode) other);
                if (!child.isEmpty()) {
                    rest.set(field.getKey(), child);
                }
            }
        }
        return rest;
    }

    /** The members of the set whose values differ between the two. */
    static ObjectNode changed(ObjectNode set, JsonNode before, JsonNode after, Schema schema) {
        ObjectNode changed = Json.object();
        for (Map.Entry<String, JsonNode> member : set.properties()) {
            String step = member.getKey();
            JsonNode old = value(before, step, schema);
            JsonNode now = value(after, step, schema);
            if (Json.same(old, now)) {
                continue;
            }
            Schema below = step.startsWith("f:") ? schema.field(step.substring(2)) : schema.items();
            if (member.getValue().isEmpty()) {
                if (!step.equals(SELF) || old.isMissingNode()) {
                    changed.putObject(step);
                }
            } else {
                ObjectNode child = changed((ObjectNode) member.getValue(), old, now, below);
                if (!child.isEmpty()) {
                    changed.set(step, child);
                }
            }
        }
        return changed;
    }

    private static JsonNode value(JsonNode parent, String step, Schema schema) {
        if (step.equals(SELF)) {
            return parent;
        }
        if (step.startsWith("f:")) {
            return parent.path(step.substring(2));
        }
        for (JsonNode element : parent) {
            if (step.equals(step.startsWith("k:") ? key(element, schema) : "v:" + element)) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    /** Puts what is applied over what is there; lists that are maps or sets are merged, others replaced. */
    static JsonNode merge(JsonNode live, JsonNode applied, Schema schema) {
        if (applied.isObject() && live.isObject() && !schema.isAtomic()) {
            ObjectNode merged = live.deepCopy();
            for (Map.Entry<String, JsonNode> field : applied.properties()) {
                JsonNode old = merged.path(field.getKey());
                merged.set(field.getKey(), merge(old, field.getValue(), schema.field(field.getKey())));
            }
            return merged;
        }
        if (applied.isArray() && live.isArray() && (isMap(schema) || schema.isSet())) {
            ArrayNode merged = live.deepCopy();
            for (JsonNode element : applied) {
                String step = isMap(schema) ? key(element, schema) : "v:" + element;
                int at = indexOf(merged, step, schema);
                if (at < 0) {
                    merged.add(element);
                } else {
                    merged.set(at, merge(merged.path(at), element, schema.items()));
                }
            }
            return merged;
        }
        return applied;
    }

    private static int indexOf(ArrayNode list, String step, Schema schema) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.path(i);
            if (step.equals(step.startsWith("k:") ? key(element, schema) : "v:" + element)) {
                return i;
            }
        }
        return -1;
    }

    /** The value without the members of the set; what they leave empty goes with them. */
    static JsonNode remove(JsonNode value, ObjectNode set, Schema schema) {
        JsonNode rest = value.deepCopy();
        for (Map.Entry<String, JsonNode> member : set.properties()) {
            String step = member.getKey();
            boolean whole = member.getValue().isEmpty() || member.getValue().has(SELF);
            if (rest instanceof ObjectNode object && step.startsWith("f:")) {
                String name = step.substring(2);
                JsonNode old = object.path(name);
                JsonNode left = whole
                        ? MissingNode.getInstance()
                        : remove(old, (ObjectNode) member.getValue(), schema.field(name));
                Json.set(object, name, left.isEmpty() && left.isContainerNode() ? null : left);
            } else if (rest instanceof ArrayNode list && !step.equals(SELF)) {
                int at = indexOf(list, step, schema);
                if (at >= 0 && whole) {
                    list.remove(at);
                } else if (at >= 0) {
                    list.set(at, remove(list.path(at), (ObjectNode) member.getValue(), schema.items()));
                }
            }
        }
        return rest;
    }

    /** The leaves as people write them: {@code .spec.containers[name="a"].image}. */
    static List<String> paths(ObjectNode set) {
        List<String> paths = new ArrayList<>();
        paths(set, "", paths);
        return paths;
    }

    private static void paths(ObjectNode set, String prefix, List<String> paths) {
        for (Map.Entry<String, JsonNode> member : set.properties()) {
            String path = prefix + step(member.getKey());
            if (member.getValue().isEmpty()) {
                paths.add(path);
            } else {
                paths((ObjectNode) member.getValue(), path, paths);
            }
        }
    }

    private static String step(String member) {
        if (member.equals(SELF)) {
            return "";
        }
        String name = member.substring(2);
        if (member.startsWith("f:")) {
            return "." + name;
        }
        if (member.startsWith("v:")) {
            return "[=" + name + "]";
        }
        List<String> keys = new ArrayList<>();
        Json.parse(name).properties().forEach(key -> keys.add(key.getKey() + "=" + key.getValue()));
        return "[" + String.join(",", keys) + "]";
    }
}
