package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes what an object leaves behind: its dependents (by owner references: background, foreground, orphan), the
 * contents of a namespace, the objects of a CustomResourceDefinition. It acts at once, where a cluster's runs later.
 */
final class GarbageCollector {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";
    private static final String NAMESPACES = "namespaces";
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
    private static final Map<String, String> CONTENT_FINALIZERS =
            Map.of(NAMESPACES, "kubernetes", DEFINITIONS, "customresourcecleanup.apiextensions.k8s.io");

    private final Lifecycle lifecycle;

    GarbageCollector(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** The finalizer of objects that hold others. */
    static Optional<String> contentFinalizer(Store.Key key) {
        return Optional.ofNullable(CONTENT_FINALIZERS.get(key.resource()));
    }

    /** An object all of whose owners are gone already was made too late. */
    void created(Store.Key key, ObjectNode object) {
        JsonNode owners = owners(object);
        if (!owners.isEmpty() && livingOwners(object) == 0) {
            lifecycle.delete(key, Lifecycle.Deletion.BACKGROUND);
        }
    }

    /** The object is marked as deleted and waits for finalizers, perhaps for ours. */
    void deleting(Store.Key key, ObjectNode object) {
        if (Lifecycle.hasFinalizer(object, ORPHAN)) {
            dependents(Json.uid(object)).forEach(dependent -> disown(dependent, Json.uid(object)));
            lifecycle.removeFinalizer(key, ORPHAN);
        }
        if (Lifecycle.hasFinalizer(object, FOREGROUND)) {
            dependents(Json.uid(object))
                    .forEach(dependent -> delete(dependent, new Lifecycle.Deletion("Foreground", -1)));
            finishForeground(key);
        }
        contentFinalizer(key).ifPresent(finalizer -> {
            contents(key).forEach(content -> delete(content, Lifecycle.Deletion.BACKGROUND));
            finishContents(key);
        });
    }

    void removed(Store.Key key, ObjectNode object) {
        for (Store.Key dependent : dependents(Json.uid(object))) {
            if (store().get(dependent).map(this::livingOwners).orElse(0) > 0) {
                disown(dependent, Json.uid(object));
            } else {
                delete(dependent, Lifecycle.Deletion.BACKGROUND);
            }
        }
        for (JsonNode owner : owners(object)) {
            store().withUid(owner.path("uid").asText()).ifPresent(this::finishForeground);
        }
        if (!key.namespace().isEmpty()) {
            finishContents(new Store.Key(NAMESPACES, "", key.namespace()));
        }
        finishContents(new Store.Key(DEFINITIONS, "", key.resource()));
    }

    private void finishForeground(Store.Key owner) {
        boolean done = store().get(owner)
                .filter(object -> Lifecycle.hasFinalizer(object, FOREGROUND))
                .filter(object -> dependents(Json.uid(object)).isEmpty())
                .isPresent();
        if (done) {
            lifecycle.removeFinalizer(owner, FOREGROUND);
        }
    }

    private void finishContents(Store.Key holder) {
        boolean done = store().get(holder).filter(Lifecycle::isDeleting).isPresent()
                && contents(holder).isEmpty();
        if (done) {
            lifecycle.removeFinalizer(holder, CONTENT_FINALIZERS.get(holder.resource()));
        }
    }

    private List<Store.Key> contents(Store.Key holder) {
        return holder.resource().equals(NAMESPACES)
                ? store().inNamespace(holder.name())
                : List.copyOf(store().list(holder.name(), "").keySet());
    }

    private void delete(Store.Key key, Lifecycle.Deletion deletion) {
        if (store().get(key).filter(object -> !Lifecycle.isDeleting(object)).isPresent()) {
            lifecycle.delete(key, deletion);
        }
    }

    private List<Store.Key> dependents(String uid) {
        return store().ownedBy(uid);
    }

    private int livingOwners(ObjectNode object) {
        int living = 0;
        for (JsonNode owner : owners(object)) {
            living += store().withUid(owner.path("uid").asText()).isPresent() ? 1 : 0;
        }
        return living;
    }

    private void disown(Store.Key key, String uid) {
        ObjectNode next = store().get(key).orElseThrow().deepCopy();
        ArrayNode kept = Json.MAPPER.createArrayNode();
        owners(next).forEach(owner -> {
            if (!owner.path("uid").asText().equals(uid)) {
                kept.add(owner);
            }
        });
        Json.metadata(next).set("ownerReferences", kept);
        lifecycle.update(key, next);
    }

    private static JsonNode owners(JsonNode object) {
        return Json.at(object, "metadata", "ownerReferences");
    }

    private Store store() {
        return lifecycle.store();
    }
}
