package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply: merges what a manager applies into the live object, takes away what it applied before and no
 * longer does, refuses to change what others own, and keeps {@code managedFields}.
 */
final class ServerSideApply {
    private static final String APPLY = "Apply";

    private final Schema schema;
    private final String apiVersion;
    private final String manager;
    private final String subresource;
    private final String now;

    ServerSideApply(Schema schema, String apiVersion, String manager, String subresource, String now) {
        this.schema = schema;
        this.apiVersion = apiVersion;
        this.manager = manager;
        this.subresource = subresource;
        this.now = now;
    }

    /** @throws StatusException 409 when another manager owns a field with another value and {@code force} is not set */
    ObjectNode apply(ObjectNode live, ObjectNode applied, boolean force) {
        ObjectNode fields = FieldSets.of(FieldSets.managed(applied), schema);
        ArrayNode managers = managers(live);
        List<StatusException.Cause> conflicts = new ArrayList<>();
        ObjectNode previous = Json.object();
        ObjectNode others = Json.object();
        ArrayNode kept = Json.MAPPER.createArrayNode();
        for (JsonNode entry : managers) {
            ObjectNode owned = (ObjectNode) entry.path("fieldsV1");
            if (isMine(entry, APPLY)) {
                previous = owned;
                continue;
            }
            ObjectNode contested = FieldSets.changed(FieldSets.intersection(owned, fields), live, applied, schema);
            for (String path : FieldSets.paths(contested)) {
                String message = "conflict with \"%s\" using %s"
                        .formatted(
                                entry.path("manager").asText(),
                                entry.path("apiVersion").asText());
                conflicts.add(new StatusException.Cause("FieldManagerConflict", path, message));
            }
            ObjectNode remaining = FieldSets.difference(owned, contested);
            if (!remaining.isEmpty()) {
                kept.add(((ObjectNode) entry.deepCopy()).set("fieldsV1", remaining));
            }
            others = FieldSets.union(others, remaining);
        }
        if (!conflicts.isEmpty() && !force) {
            throw StatusException.applyConflict(conflicts);
        }
        ObjectNode merged = (ObjectNode) FieldSets.merge(live, applied, schema);
        ObjectNode dropped = FieldSets.difference(FieldSets.difference(previous, fields), others);
        merged = (ObjectNode) FieldSets.remove(merged, dropped, schema);
        kept.add(entry(APPLY, fields));
        Json.metadata(merged).set("managedFields", kept);
        return merged;
    }

    /** Records that this manager set, by another verb than apply, what differs between the two. */
    void recordUpdate(ObjectNode before, ObjectNode after) {
        ObjectNode old = FieldSets.managed(before);
        ObjectNode fresh = FieldSets.managed(after);
        ObjectNode live = FieldSets.of(fresh, schema);
        ObjectNode changed = FieldSets.changed(live, old, fresh, schema);
        ArrayNode kept = Json.MAPPER.createArrayNode();
        ObjectNode mine = changed;
        for (JsonNode entry : managers(before)) {
            ObjectNode owned = FieldSets.intersection((ObjectNode) entry.path("fieldsV1"), live);
            if (isMine(entry, "Update")) {
                mine = FieldSets.union(owned, changed);
                continue;
            }
            ObjectNode remaining = FieldSets.difference(owned, changed);
            if (!remaining.isEmpty()) {
                kept.add(((ObjectNode) entry.deepCopy()).set("fieldsV1", remaining));
            }
        }
        if (!mine.isEmpty()) {
            kept.add(entry("Update", mine));
        }
        ObjectNode metadata = Json.metadata(after);
        Json.set(metadata, "managedFields", kept.isEmpty() ? null : kept);
    }

    /** Keeps the old entries where nothing but their time would differ, so that a change of nothing is none. */
    static void keepTimes(ObjectNode before, ObjectNode after) {
        JsonNode old = Json.at(before, "metadata", "managedFields");
        for (JsonNode entry : Json.at(after, "metadata", "managedFields")) {
            for (JsonNode each : old) {
                if (Json.same(timeless(each), timeless(entry))) {
                    ((ObjectNode) entry).set("time", each.path("time"));
                }
            }
        }
        boolean reordered =
                old.size() == Json.at(after, "metadata", "managedFields").size();
        for (JsonNode entry : Json.at(after, "metadata", "managedFields")) {
            boolean found = false;
            for (JsonNode each : old) {
                found |= Json.same(each, entry);
            }
            reordered &= found;
        }
        if (reordered && old.isArray()) {
            Json.metadata(after).set("managedFields", old);
        }
    }

    private static ObjectNode timeless(JsonNode entry) {
        return ((ObjectNode) entry.deepCopy()).without("time");
    }

    private static ArrayNode managers(ObjectNode object) {
        JsonNode managers = Json.at(object, "metadata", "managedFields");
        return managers.isArray() ? (ArrayNode) managers : Json.MAPPER.createArrayNode();
    }

    private boolean isMine(JsonNode entry, String operation) {
        return Map.of("manager", manager, "operation", operation, "subresource", subresource).entrySet().stream()
                .allMatch(field -> entry.path(field.getKey()).asText("").equals(field.getValue()));
    }

    private ObjectNode entry(String operation, ObjectNode fields) {
        ObjectNode entry = Json.object()
                .put("apiVersion", apiVersion)
                .put("fieldsType", "FieldsV1")
                .put("manager", manager)
                .put("operation", operation)
                .put("time", now);
        if (!subresource.isEmpty()) {
            entry.put("subresource", subresource);
        }
        return entry.set("fieldsV1", fields);
    }
}
