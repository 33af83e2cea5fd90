package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.localcluster.apiserver.Store.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How objects go: at once, or marked with {@code deletionTimestamp} until nothing holds them any more (finalizers, the
 * node that still runs a pod, the contents of a namespace or of a kind). With them go their dependents, at once too,
 * where a cluster's garbage collector runs later.
 */
final class Deletion {
    static final String NAMESPACES = "namespaces";
    static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
    private static final String GRACE = "deletionGracePeriodSeconds";

    private final Store store;

    Deletion(Store store) {
        this.store = store;
    }

    static boolean isDeleting(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    /** @param grace seconds that a running pod has left; nothing for as many as it says itself */
    void delete(Key key, Optional<Integer> grace) {
        end(key, grace);
        sweep();
    }

    private void end(Key key, Optional<Integer> grace) {
        ObjectNode next = store.get(key).orElseThrow().deepCopy();
        mark(key, next, grace);
        if (isHeld(key, next)) {
            store.put(key, next);
        } else {
            store.remove(key);
        }
    }

    private void mark(Key key, ObjectNode object, Optional<Integer> grace) {
        ObjectNode metadata = Json.metadata(object);
        int seconds = runs(key, object)
                ? grace.orElse(
                        Json.at(object, "spec", "terminationGracePeriodSeconds").asInt(30))
                : 0;
        if (!isDeleting(object)) {
            metadata.put("deletionTimestamp", Json.time(Instant.now().plusSeconds(seconds)));
        }
        if (seconds > 0 || metadata.has(GRACE)) {
            metadata.put(GRACE, seconds);
        }
        if (key.resource().equals(NAMESPACES)) {
            object.withObjectProperty("status").put("phase", "Terminating");
        }
    }

    private static boolean runs(Key key, JsonNode object) {
        return key.resource().equals("pods")
                && Json.at(object, "spec").has("nodeName")
                && !Set.of("Succeeded", "Failed").contains(Json.text(object, "status", "phase"));
    }

    private boolean isHeld(Key key, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return !metadata.path("finalizers").isEmpty()
                || metadata.path(GRACE).asInt() > 0
                || store.all().keySet().stream().anyMatch(other -> isIn(other, key));
    }

    /** Whether something is an object of this namespace, or of the kind that this definition defines. */
    private static boolean isIn(Key key, Key holder) {
        return switch (holder.resource()) {
            case NAMESPACES -> key.namespace().equals(holder.name());
            case DEFINITIONS -> key.resource().equals(holder.name());
            default -> false;
        };
    }

    /** Deletes, until there is none, what has lost its last owner, its namespace, its kind or its last hold. */
    void sweep() {
        for (Optional<Key> next = next(); next.isPresent(); next = next()) {
            end(next.get(), Optional.empty());
        }
    }

    private Optional<Key> next() {
        Set<String> living = store.all().values().stream().map(Json::uid).collect(Collectors.toSet());
        List<Key> going = new ArrayList<>(store.all().keySet());
        going.removeIf(key -> !isDeleting(store.all().get(key)));
        return store.all().keySet().stream()
                .filter(key -> going.contains(key)
                        ? !isHeld(key, store.all().get(key))
                        : isAbandoned(store.all().get(key), living)
                                || going.stream().anyMatch(holder -> isIn(key, holder)))
                .findFirst();
    }

    private static boolean isAbandoned(JsonNode object, Set<String> living) {
        List<String> owners = owners(object).findValuesAsText("uid");
        return !owners.isEmpty() && owners.stream().noneMatch(living::contains);
    }

    private static JsonNode owners(JsonNode object) {
        return Json.at(object, "metadata", "ownerReferences");
    }

    /** Makes the dependents of an object independent, so that they stay. */
    void orphan(String uid) {
        for (Key key : List.copyOf(store.all().keySet())) {
            ObjectNode next = store.all().get(key).deepCopy();
            if (owners(next) instanceof ArrayNode owners) {
                owners.removeIf(owner -> Json.text(owner, "uid").equals(uid));
            }
            store.put(key, next);
        }
    }
}
