package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.localcluster.apiserver.StatusException.Cause;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who writes: applies on the server's side, and keeps {@code managedFields}.
 *
 * @param operation {@code Apply} or {@code Update}
 * @param subresource empty for the object itself
 */
record FieldManager(String name, String operation, String subresource, ResourceType type, String now) {
    /** The fields of {@code metadata} that are clients' to write; the others are the server's. */
    static final List<String> CLIENTS =
            List.of("annotations", "finalizers", "generateName", "labels", "ownerReferences");

    /** The object without what no manager owns. */
    static ObjectNode managed(ObjectNode object) {
        ObjectNode managed = object.deepCopy();
        managed.remove(List.of("apiVersion", "kind"));
        if (Json.metadata(managed).retain(CLIENTS).isEmpty()) {
            managed.remove("metadata"); // as a leaf it would own all of it
        }
        return managed;
    }

    /**
     * Merges what this manager applies into the live object, and takes away what it applied before and no longer does.
     *
     * @throws StatusException 409 when another manager owns a field with another value and {@code force} is not set
     */
    ObjectNode apply(ObjectNode live, ObjectNode applied, boolean force) {
        Set<FieldPath> wanted = FieldPath.of(applied, type.schema());
        Set<FieldPath> dropped = new LinkedHashSet<>();
        Set<FieldPath> others = new LinkedHashSet<>();
        List<Cause> conflicts = new ArrayList<>();
        for (JsonNode entry : Json.at(live, "metadata", "managedFields")) {
            Set<FieldPath> owned = FieldPath.fromJson(entry.path("fieldsV1"));
            if (isMine(entry)) {
                dropped.addAll(owned);
                continue;
            }
            others.addAll(owned);
            String message = "conflict with \"%s\" using %s"
                    .formatted(Json.text(entry, "manager"), Json.text(entry, "apiVersion"));
            owned.stream()
                    .filter(path -> wanted.contains(path) && path.differs(live, applied, type.schema()))
                    .forEach(path -> conflicts.add(new Cause("FieldManagerConflict", path.toString(), message)));
        }
        if (!conflicts.isEmpty() && !force) {
            throw StatusException.applyConflict(conflicts);
        }
        ObjectNode merged = live.deepCopy();
        wanted.forEach(path -> path.put(merged, path.in(applied, type.schema()), type.schema()));
        dropped.removeAll(wanted);
        dropped.removeAll(others);
        dropped.forEach(path -> path.remove(merged, type.schema()));
        return merged;
    }

    /**
     * Writes down in {@code after} who owns what: this manager what it applied or else what differs, the others what
     * they had and did not lose to it.
     *
     * @param applied null for an update
     */
    void record(ObjectNode before, ObjectNode after, ObjectNode applied) {
        ObjectNode now = managed(after);
        Set<FieldPath> live = FieldPath.of(now, type.schema());
        Set<FieldPath> changed = live.stream()
                .filter(path -> path.differs(before, now, type.schema()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<FieldPath> mine = applied == null ? changed : FieldPath.of(applied, type.schema());
        ArrayNode entries = Json.array(List.of());
        boolean known = false;
        for (JsonNode entry : Json.at(before, "metadata", "managedFields")) {
            Set<FieldPath> owned = FieldPath.fromJson(entry.path("fieldsV1"));
            owned.retainAll(live);
            if (isMine(entry)) {
                known = true;
                mine.addAll(applied == null ? owned : Set.of());
                add(entries, entry, mine);
            } else {
                owned.removeAll(changed);
                add(entries, entry, owned);
            }
        }
        if (!known) {
            add(entries, Json.of(), mine);
        }
        Json.metadata(after).set("managedFields", entries);
    }

    /** An entry that owns what it did before keeps its time, so that a change of nothing is none. */
    private void add(ArrayNode entries, JsonNode before, Set<FieldPath> owned) {
        if (!owned.isEmpty()) {
            ObjectNode entry = before.isEmpty() ? entry() : before.deepCopy();
            JsonNode fields = FieldPath.toJson(owned);
            if (isMine(entry) && !fields.equals(before.path("fieldsV1"))) {
                entry.put("time", now);
            }
            entries.add(entry.set("fieldsV1", fields));
        }
    }

    private ObjectNode entry() {
        ObjectNode entry = Json.of("manager", name, "operation", operation, "apiVersion", type.apiVersion());
        return (subresource.isEmpty() ? entry : entry.put("subresource", subresource)).put("fieldsType", "FieldsV1");
    }

    private boolean isMine(JsonNode entry) {
        return Json.text(entry, "manager").equals(name)
                && Json.text(entry, "operation").equals(operation)
                && Json.text(entry, "subresource").equals(subresource);
    }
}
