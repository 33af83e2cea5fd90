package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What one client hears of changes, over a chunked response or a WebSocket. */
final class Watch {
    private final Store store;
    private final Target target;
    private final Predicate<JsonNode> matches;
    private final boolean asTable;
    private final boolean bookmarks;
    private final Consumer<String> sink;
    private boolean columnsTold;
    private long told;

    /** @param sink gets each event, as JSON */
    Watch(Store store, ApiRequest request, Target target, Consumer<String> sink) {
        this.store = store;
        this.target = target;
        this.matches = Resources.selection(request, target);
        this.asTable = request.wantsTable();
        this.bookmarks = request.flag("allowWatchBookmarks");
        this.sink = sink;
    }

    /**
     * Tells what the client has not seen: everything, or the changes since its resourceVersion.
     *
     * @return false when that is too long ago, which the client has been told, too
     */
    boolean start(ApiRequest request) {
        String since = request.parameter("resourceVersion");
        boolean initial = request.flag("sendInitialEvents");
        if (since.isEmpty() || since.equals("0") || initial) {
            store.list(target.type().resource(), target.namespace()).values().stream()
                    .filter(matches)
                    .forEach(object -> send("ADDED", view(object)));
        } else {
            try {
                store.since(Long.parseLong(since)).toList().forEach(this::tell);
            } catch (StatusException expired) {
                send("ERROR", expired.status());
                return false;
            }
        }
        told = store.revision();
        if (initial) {
            ObjectNode end = bookmarked();
            Json.metadata(end).putObject("annotations").put("k8s.io/initial-events-end", "true");
            send("BOOKMARK", end);
        }
        return true;
    }

    /** An object that stops to match is deleted, and one that begins to is added, as far as this client sees. */
    void tell(Store.Change change) {
        Store.Key key = change.key();
        boolean here = target.namespace().isEmpty() || target.namespace().equals(key.namespace());
        if (here && key.resource().equals(target.type().resource())) {
            boolean was = change.before() != null && matches.test(change.before());
            boolean is = !change.deleted() && matches.test(change.object());
            if (was || is) {
                send(is ? was ? "MODIFIED" : "ADDED" : "DELETED", view(change.object()));
            }
            told = change.revision();
        }
    }

    private ObjectNode view(ObjectNode object) {
        ObjectNode named = target.type().named(object);
        ObjectNode view = asTable ? Tables.table(target.type(), named, !columnsTold) : named;
        columnsTold = true;
        return view;
    }

    /** Tells where it stands, so that the client can go on from there. */
    void bookmark() {
        if (bookmarks && told != store.revision()) {
            told = store.revision();
            send("BOOKMARK", bookmarked());
        }
    }

    private ObjectNode bookmarked() {
        ObjectNode metadata = Json.of("resourceVersion", Long.toString(told));
        return Json.kind(target.type().apiVersion(), target.type().kind(), "metadata", metadata);
    }

    private void send(String type, ObjectNode object) {
        sink.accept(Json.of("type", type, "object", object).toString());
    }
}
