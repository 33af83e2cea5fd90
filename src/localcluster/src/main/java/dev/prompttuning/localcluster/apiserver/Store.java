package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Every object at its present version, and the last changes for watches that come later. One number counts all changes
 * and is their {@code resourceVersion}. Objects in it are never modified.
 */
final class Store {
    /** @param resource {@code plural.group} @param namespace empty for what is in none */
    record Key(String resource, String namespace, String name) {}

    /** @param before null when the object was added @param object as it was last when it was deleted */
    record Change(long revision, Key key, ObjectNode before, ObjectNode object, boolean deleted) {}

    private final NavigableMap<Key, ObjectNode> objects = new TreeMap<>(
            Comparator.comparing(Key::resource).thenComparing(Key::namespace).thenComparing(Key::name));
    private final Deque<Change> history = new ArrayDeque<>();
    private final int historyLimit;
    private final Consumer<Change> listener;
    /** Written on the event loop only. */
    private volatile long revision = 1;

    private long compacted = 1;

    Store(int historyLimit, Consumer<Change> listener) {
        this.historyLimit = historyLimit;
        this.listener = listener;
    }

    long revision() {
        return revision;
    }

    Optional<ObjectNode> get(Key key) {
        return Optional.ofNullable(objects.get(key));
    }

    NavigableMap<Key, ObjectNode> all() {
        return objects;
    }

    /** The objects of a resource by namespace and name; all namespaces when {@code namespace} is empty. */
    NavigableMap<Key, ObjectNode> list(String resource, String namespace) {
        Key from = new Key(resource, namespace, "");
        Key to = namespace.isEmpty() ? new Key(resource + "\0", "", "") : new Key(resource, namespace + "\0", "");
        return objects.subMap(from, true, to, false);
    }

    /** Stores the object, which from now on belongs to the store, at a new version unless nothing has changed. */
    void put(Key key, ObjectNode object) {
        ObjectNode before = objects.get(key);
        if (before == null || !Json.same(before, object)) {
            stamp(object);
            objects.put(key, object);
            record(new Change(revision, key, before, object, false));
        }
    }

    void remove(Key key) {
        ObjectNode before = objects.remove(key);
        ObjectNode last = before.deepCopy();
        stamp(last);
        record(new Change(revision, key, before, last, true));
    }

    private void stamp(ObjectNode object) {
        revision = revision + 1;
        Json.metadata(object).put("resourceVersion", Long.toString(revision));
    }

    private void record(Change change) {
        history.addLast(change);
        while (history.size() > historyLimit) {
            compacted = history.removeFirst().revision();
        }
        listener.accept(change);
    }

    /** The changes after a version. @throws StatusException 410 when they are no longer remembered */
    Stream<Change> since(long version) {
        if (version < compacted) {
            throw new StatusException(
                    410, "Expired", "too old resource version: %d (%d)".formatted(version, compacted));
        }
        return history.stream().filter(change -> change.revision() > version);
    }
}
