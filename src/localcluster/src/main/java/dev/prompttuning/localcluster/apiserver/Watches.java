package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Tells every open watch of every change that concerns it. */
final class Watches {
    /** Where a watch's events go: a chunked response or a WebSocket. */
    interface Sink {
        void send(ObjectNode event);

        void end();
    }

    /** @param view what the client wants to see of an object: itself, or a table with one row */
    record Selection(
            ResourceType type,
            String namespace,
            Predicate<JsonNode> matches,
            BiFunction<ObjectNode, Boolean, JsonNode> view) {
        private boolean concerns(Store.Change change) {
            return change.key().resource().equals(type.resource())
                    && (namespace.isEmpty() || change.key().namespace().equals(namespace));
        }
    }

    final class Watch {
        private final Selection selection;
        private final Sink sink;
        private final boolean bookmarks;
        private boolean first = true;
        private long told;

        private Watch(Selection selection, Sink sink, boolean bookmarks) {
            this.selection = selection;
            this.sink = sink;
            this.bookmarks = bookmarks;
        }

        /** An object that stops to match is deleted, and one that begins to is added, as far as this client sees. */
        private void tell(Store.Change change) {
            if (!selection.concerns(change)) {
                return;
            }
            boolean was = change.before() != null && selection.matches().test(change.before());
            boolean is =
                    change.event() != Store.Event.DELETED && selection.matches().test(change.object());
            if (was || is) {
                send(is ? was ? "MODIFIED" : "ADDED" : "DELETED", change.object());
            }
            told = change.revision();
        }

        private void send(String event, ObjectNode object) {
            ObjectNode message = Json.object().put("type", event);
            message.set("object", selection.view().apply(object, first));
            first = false;
            sink.send(message);
        }

        private void bookmark(boolean initialEventsEnd) {
            if (!bookmarks || (told == store.revision() && !initialEventsEnd)) {
                return;
            }
            told = store.revision();
            ObjectNode object = Json.object()
                    .put("kind", selection.type().kind())
                    .put("apiVersion", selection.type().apiVersion());
            ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(told));
            if (initialEventsEnd) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            sink.send(Json.object().put("type", "BOOKMARK").set("object", object));
        }

        void end() {
            if (open.remove(this)) {
                bookmark(false);
                sink.end();
            }
        }

        /** The client has gone. */
        void forget() {
            open.remove(this);
        }
    }

    private final Store store;
    private final Set<Watch> open = new LinkedHashSet<>();

    Watches(Store store) {
        this.store = store;
        store.listen(change -> Set.copyOf(open).forEach(watch -> watch.tell(change)));
    }

    /** Starts with what the client has not seen: everything, or the changes since its resourceVersion. */
    Watch open(Selection selection, ApiRequest request, Sink sink) {
        Watch watch = new Watch(selection, sink, request.flag("allowWatchBookmarks"));
        String since = request.parameter("resourceVersion");
        boolean initial = request.flag("sendInitialEvents");
        if (since.isEmpty() || since.equals("0") || initial) {
            store.list(selection.type().resource(), selection.namespace()).values().stream()
                    .filter(selection.matches())
                    .forEach(object -> watch.send("ADDED", object));
            if (initial) {
                watch.bookmark(true);
            }
        } else {
            try {
                store.since(Long.parseLong(since)).forEach(watch::tell);
            } catch (StatusException expired) {
                sink.send(Json.object().put("type", "ERROR").set("object", expired.status()));
                sink.end();
                return watch;
            }
        }
        watch.told = store.revision();
        open.add(watch);
        return watch;
    }

    void bookmark() {
        open.forEach(watch -> watch.bookmark(false));
    }

    void endAll() {
        Set.copyOf(open).forEach(Watch::end);
    }
}
