package dev.prompttuning.localcluster.apiserver;

import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The watches that are open. */
final class Watches {
    private final Vertx vertx;
    /** With how to end each. */
    private final Map<Watch, Runnable> open = new LinkedHashMap<>();

    Watches(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Begins to tell of changes.
     *
     * @return to be called when the client has gone
     */
    Runnable open(Store store, ApiRequest request, Target target, Consumer<String> sink, Runnable end) {
        Watch watch = new Watch(store, request, target, sink);
        int seconds = request.number("timeoutSeconds", 0);
        open.put(watch, end);
        if (!watch.start(request)) {
            end(watch);
        } else if (seconds > 0) {
            vertx.setTimer(seconds * 1_000L, timer -> end(watch));
        }
        return () -> open.remove(watch);
    }

    void tell(Store.Change change) {
        List.copyOf(open.keySet()).forEach(watch -> watch.tell(change));
    }

    void bookmark() {
        open.keySet().forEach(Watch::bookmark);
    }

    private void end(Watch watch) {
        Runnable end = open.remove(watch);
        if (end != null) {
            watch.bookmark();
            end.run();
        }
    }

    void endAll() {
        List.copyOf(open.keySet()).forEach(this::end);
    }
}
