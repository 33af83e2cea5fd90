package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The way to a field that someone can own, in the steps of {@code managedFields}' FieldsV1: {@code f:name} a field,
 * {@code k:{…}} the element of a list that is a map, {@code v:…} a member of a set. What a manager owns is a set of
 * them.
 */
record FieldPath(List<String> steps) {
    private static final String SELF = ".";

    /** Every path in a value: to its leaves, and to the elements of lists that are maps. */
    static Set<FieldPath> of(JsonNode value, Schema schema) {
        Set<FieldPath> paths = new LinkedHashSet<>();
        collect(new FieldPath(List.of()), value, schema, paths);
        return paths;
    }

    private static void collect(FieldPath at, JsonNode value, Schema schema, Set<FieldPath> paths) {
        Map<String, JsonNode> children = children(value, schema);
        if (!at.steps.isEmpty() && (children.isEmpty() || at.isElement())) {
            paths.add(at);
        }
        children.forEach((step, child) -> collect(at.then(step), child, below(schema, step), paths));
    }

    /** What lies one step below a value; a value that is owned as a whole has nothing below. */
    private static Map<String, JsonNode> children(JsonNode value, Schema schema) {
        Map<String, JsonNode> children = new LinkedHashMap<>();
        if (value.isObject() && !schema.isAtomic()) {
            value.forEachEntry((name, child) -> children.put("f:" + name, child));
        } else if (value.isArray() && !schema.listKeys().isEmpty()) {
            value.forEach(element -> children.put("k:" + schema.identity(element), element));
        } else if (value.isArray() && schema.isSet()) {
            value.forEach(member -> children.put("v:" + member, member));
        }
        return children;
    }

    private static Schema below(Schema schema, String step) {
        return step.startsWith("f:") ? schema.field(step.substring(2)) : schema.items();
    }

    private FieldPath then(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new FieldPath(longer);
    }

    private boolean isElement() {
        return steps.get(steps.size() - 1).startsWith("k:");
    }

    JsonNode in(JsonNode root, Schema schema) {
        JsonNode at = root;
        Schema of = schema;
        for (String step : steps) {
            at = children(at, of).getOrDefault(step, MissingNode.getInstance());
            of = below(of, step);
        }
        return at;
    }

    /** Whether its value differs between the two; an element of a list is the same as long as it is there. */
    boolean differs(JsonNode before, JsonNode after, Schema schema) {
        JsonNode old = in(before, schema);
        JsonNode now = in(after, schema);
        return isElement() ? old.isMissingNode() != now.isMissingNode() : !Json.same(old, now);
    }

    /** Sets the value here, and makes what is missing on the way. */
    void put(JsonNode root, JsonNode value, Schema schema) {
        JsonNode at = root;
        Schema of = schema;
        for (int i = 0; i < steps.size(); i++) {
            String step = steps.get(i);
            String name = step.substring(2);
            JsonNode child = children(at, of).get(step);
            boolean last = i == steps.size() - 1;
            if (at instanceof ObjectNode object) {
                boolean fields = last || steps.get(i + 1).startsWith("f:");
                boolean kept = child != null && (last ? isNothingNew(value, child) : child.isContainerNode());
                JsonNode made = last ? value.deepCopy() : fields ? Json.of() : Json.array(List.of());
                child = kept ? child : object.set(name, made).get(name);
            } else if (child == null) {
                child = last ? value.deepCopy() : Json.parse(name);
                ((ArrayNode) at).add(child);
            } else if (last && of.items().isAtomic()) {
                ((ObjectNode) child).removeAll().setAll((ObjectNode) value);
            }
            at = child;
            of = below(of, step);
        }
    }

    /** To apply an empty map takes nothing from the one that is there. */
    private static boolean isNothingNew(JsonNode value, JsonNode there) {
        return value.isObject() && value.isEmpty() && there.isObject();
    }

    /** Removes the value here, and the fields that are left empty on the way. */
    void remove(JsonNode root, Schema schema) {
        remove(root, schema, 0);
    }

    private void remove(JsonNode at, Schema schema, int depth) {
        String step = steps.get(depth);
        JsonNode child = children(at, schema).get(step);
        boolean last = depth == steps.size() - 1;
        if (child == null) {
            return;
        }
        if (!last) {
            remove(child, below(schema, step), depth + 1);
        }
        if (at instanceof ObjectNode object && (last || child.isContainerNode() && child.isEmpty())) {
            object.remove(step.substring(2));
        } else if (at instanceof ArrayNode list && last) {
            list.removeIf(child::equals);
        }
    }

    /** As FieldsV1 nests them. */
    static ObjectNode toJson(Set<FieldPath> paths) {
        ObjectNode json = Json.of();
        for (FieldPath path : paths) {
            ObjectNode at = json;
            for (String step : path.steps) {
                at = at.withObjectProperty(step);
            }
            if (path.isElement()) {
                at.putObject(SELF);
            }
        }
        return json;
    }

    static Set<FieldPath> fromJson(JsonNode json) {
        Set<FieldPath> paths = new LinkedHashSet<>();
        read(new FieldPath(List.of()), json, paths);
        return paths;
    }

    private static void read(FieldPath at, JsonNode json, Set<FieldPath> paths) {
        json.forEachEntry((step, below) -> {
            if (step.equals(SELF)) {
                paths.add(at);
            } else if (below.isEmpty()) {
                paths.add(at.then(step));
            } else {
                read(at.then(step), below, paths);
            }
        });
    }

    /** About as people write it: {@code .spec.containers[{"name":"a"}].image}. */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step.startsWith("f:") ? "." + step.substring(2) : "[" + step.substring(2) + "]")
                .collect(Collectors.joining());
    }
}
