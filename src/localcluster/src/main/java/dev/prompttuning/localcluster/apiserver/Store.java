package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Every object at its present version, and the last changes for watches that come later. One number counts all changes
 * and is their {@code resourceVersion}. Objects in it are never modified.
 */
final class Store {
    record Key(String resource, String namespace, String name) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::resource)
                .thenComparing(Key::namespace)
                .thenComparing(Key::name);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    enum Event {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** {@code before} is null when the object was added. */
    record Change(long revision, Event event, Key key, ObjectNode object, ObjectNode before) {}

    private final NavigableMap<Key, ObjectNode> objects = new TreeMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final List<Consumer<Change>> listeners = new ArrayList<>();
    private final int historyLimit;
    private long revision = 1;
    private long compacted = 1;

    Store(int historyLimit) {
        this.historyLimit = historyLimit;
    }

    long revision() {
        return revision;
    }

    Optional<ObjectNode> get(Key key) {
        return Optional.ofNullable(objects.get(key));
    }

    Collection<ObjectNode> all() {
        return List.copyOf(objects.values());
    }

    /** The objects of a resource by namespace and name; all namespaces when {@code namespace} is empty. */
    NavigableMap<Key, ObjectNode> list(String resource, String namespace) {
        Key from = new Key(resource, namespace, "");
        Key to = namespace.isEmpty() ? new Key(resource + "\0", "", "") : new Key(resource, namespace + "\0", "");
        return objects.subMap(from, true, to, false);
    }

    /** Whether anything lives in the namespace. */
    List<Key> inNamespace(String namespace) {
        return objects.keySet().stream()
                .filter(key -> key.namespace().equals(namespace))
                .toList();
    }

    Optional<Key> withUid(String uid) {
        return objects.entrySet().stream()
                .filter(entry -> Json.uid(entry.getValue()).equals(uid))
                .map(java.util.Map.Entry::getKey)
                .findFirst();
    }

    /** The objects with an owner reference to this uid. */
    List<Key> ownedBy(String uid) {
        List<Key> owned = new ArrayList<>();
        objects.forEach(
                (key, object) -> object.path("metadata").path("ownerReferences").forEach(owner -> {
                    if (owner.path("uid").asText().equals(uid)) {
                        owned.add(key);
                    }
                }));
        return owned;
    }

    /** Stores the object, which from now on belongs to the store, at a new version. */
    ObjectNode put(Key key, ObjectNode object) {
        stamp(object);
        ObjectNode before = objects.put(key, object);
        record(new Change(revision, before == null ? Event.ADDED : Event.MODIFIED, key, object, before));
        return object;
    }

    ObjectNode remove(Key key) {
        ObjectNode before = objects.remove(key);
        ObjectNode last = before.deepCopy();
        stamp(last);
        record(new Change(revision, Event.DELETED, key, last, before));
        return last;
    }

    private void stamp(ObjectNode object) {
        Json.metadata(object).put("resourceVersion", Long.toString(++revision));
    }

    private void record(Change change) {
        history.addLast(change);
        while (history.size() > historyLimit) {
            compacted = history.removeFirst().revision();
        }
        List.copyOf(listeners).forEach(listener -> listener.accept(change));
    }

    /** The changes after a version; a {@code 410 Expired} when they are no longer remembered. */
    List<Change> since(long version) {
        if (version < compacted) {
            throw StatusException.expired("too old resource version: %d (%d)".formatted(version, compacted));
        }
        return history.stream().filter(change -> change.revision() > version).toList();
    }

    void listen(Consumer<Change> listener) {
        listeners.add(listener);
    }
}
