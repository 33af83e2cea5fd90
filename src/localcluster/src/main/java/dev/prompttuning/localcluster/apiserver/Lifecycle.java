package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The life of an object: what the server writes in its metadata from creation to deletion. */
final class Lifecycle {
    private static final List<String> KEPT = List.of(
            "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "namespace");
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    /** How to delete; {@code graceSeconds} below 0 leaves it to the object. */
    record Deletion(String propagation, int graceSeconds) {
        static final Deletion BACKGROUND = new Deletion("Background", -1);
    }

    private final Store store;
    private final Clock clock;
    private final GarbageCollector collector = new GarbageCollector(this);

    Lifecycle(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    Store store() {
        return store;
    }

    String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Fills in what every new object gets, before it is admitted. */
    void stampNew(ResourceType type, ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        for (String field : List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")) {
            metadata.remove(field);
        }
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
        if (type.hasGeneration()) {
            metadata.put("generation", 1);
        }
    }

    /** Carries over what no client may change, and counts a generation when more than metadata and status differ. */
    void stampChanged(ResourceType type, ObjectNode before, ObjectNode next) {
        ObjectNode metadata = Json.metadata(next);
        for (String field : KEPT) {
            Json.set(metadata, field, Json.at(before, "metadata", field));
        }
        metadata.put("resourceVersion", Json.text(before, "metadata", "resourceVersion"));
        if (type.hasGeneration() && !Json.same(desired(type, before), desired(type, next))) {
            metadata.put("generation", Json.at(before, "metadata", "generation").asInt() + 1);
        }
    }

    private static JsonNode desired(ResourceType type, ObjectNode object) {
        ObjectNode desired = object.deepCopy();
        desired.remove("metadata");
        if (type.hasStatus()) {
            desired.remove("status");
        }
        return desired;
    }

    ObjectNode create(Store.Key key, ObjectNode object) {
        ObjectNode created = store.put(key, object);
        collector.created(key, created);
        return created;
    }

    /** Stores a change unless there is none; an object whose last finalizer went, goes. */
    ObjectNode update(Store.Key key, ObjectNode next) {
        ObjectNode before = store.get(key).orElseThrow();
        if (Json.same(before, next)) {
            return before;
        }
        ObjectNode after = store.put(key, next);
        if (isDeleting(after) && !hasFinalizers(after) && !isGraceful(after)) {
            return remove(key);
        }
        return after;
    }

    /** Deletes at once, or marks the object until its finalizers, its node or its contents are gone. */
    ObjectNode delete(Store.Key key, Deletion deletion) {
        ObjectNode before = store.get(key).orElseThrow();
        ObjectNode next = before.deepCopy();
        ObjectNode metadata = Json.metadata(next);
        switch (deletion.propagation()) {
            case "Foreground" -> addFinalizer(metadata, GarbageCollector.FOREGROUND);
            case "Orphan" -> addFinalizer(metadata, GarbageCollector.ORPHAN);
            default -> {}
        }
        GarbageCollector.contentFinalizer(key).ifPresent(finalizer -> addFinalizer(metadata, finalizer));
        int grace = graceSeconds(key, before, deletion);
        if (grace == 0 && !hasFinalizers(next)) {
            return remove(key);
        }
        if (!isDeleting(before)) {
            metadata.put(
                    "deletionTimestamp",
                    clock.instant()
                            .plusSeconds(grace)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            if (metadata.has("generation")) {
                metadata.put("generation", metadata.path("generation").asInt() + 1);
            }
        }
        if (grace > 0 || metadata.has("deletionGracePeriodSeconds")) {
            metadata.put("deletionGracePeriodSeconds", grace);
        }
        if (key.resource().equals("namespaces")) {
            next.withObjectProperty("status").put("phase", "Terminating");
        }
        ObjectNode after = Json.same(before, next) ? before : store.put(key, next);
        collector.deleting(key, after);
        return store.get(key).orElse(after);
    }

    private static int graceSeconds(Store.Key key, ObjectNode object, Deletion deletion) {
        boolean running = key.resource().equals("pods")
                && !Json.text(object, "spec", "nodeName").isEmpty()
                && !ENDED.contains(Json.text(object, "status", "phase"));
        if (!running) {
            return 0;
        }
        return deletion.graceSeconds() >= 0
                ? deletion.graceSeconds()
                : Json.at(object, "spec", "terminationGracePeriodSeconds").asInt(30);
    }

    ObjectNode remove(Store.Key key) {
        ObjectNode last = store.remove(key);
        collector.removed(key, last);
        return last;
    }

    void removeFinalizer(Store.Key key, String finalizer) {
        store.get(key).ifPresent(before -> {
            ObjectNode next = before.deepCopy();
            ObjectNode metadata = Json.metadata(next);
            ArrayNode kept = Json.MAPPER.createArrayNode();
            for (JsonNode each : metadata.path("finalizers")) {
                if (!each.asText().equals(finalizer)) {
                    kept.add(each);
                }
            }
            Json.set(metadata, "finalizers", kept.isEmpty() ? null : kept);
            update(key, next);
        });
    }

    static boolean isDeleting(JsonNode object) {
        return Json.at(object, "metadata").has("deletionTimestamp");
    }

    private static boolean isGraceful(JsonNode object) {
        return Json.at(object, "metadata", "deletionGracePeriodSeconds").asInt(0) > 0;
    }

    static boolean hasFinalizer(JsonNode object, String finalizer) {
        return Json.strings(Json.at(object, "metadata", "finalizers")).contains(finalizer);
    }

    private static boolean hasFinalizers(JsonNode object) {
        return !Json.at(object, "metadata", "finalizers").isEmpty();
    }

    private static void addFinalizer(ObjectNode metadata, String finalizer) {
        ArrayNode finalizers = metadata.withArrayProperty("finalizers");
        if (!Json.strings(finalizers).contains(finalizer)) {
            finalizers.add(finalizer);
        }
    }
}
