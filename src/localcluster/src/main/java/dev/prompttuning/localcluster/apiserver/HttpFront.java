package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/** HTTP's side of the server: reads requests, answers them, and keeps watches open. */
final class HttpFront {
    private static final Logger LOG = Logger.getLogger(HttpFront.class.getName());
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final ResourceTypes types = new ResourceTypes();
    private final CelRules rules = new CelRules();
    private final Tables tables = new Tables();
    private final Watches watches;
    private final Lifecycle lifecycle;
    private final Resources resources;
    private final Documents documents;
    private final LogStreams logs;

    HttpFront(Vertx vertx, int history, Clock clock) {
        this.vertx = vertx;
        Store store = new Store(history);
        this.lifecycle = new Lifecycle(store, clock);
        this.resources = new Resources(types, lifecycle, new Admission(rules));
        this.watches = new Watches(store);
        this.documents = new Documents(types);
        this.logs = new LogStreams(vertx, clock);
        for (String namespace : new String[] {"default", "kube-system"}) {
            resources.handle(
                    new ApiRequest(
                            "POST",
                            "/api/v1/namespaces",
                            io.vertx.core.MultiMap.caseInsensitiveMultiMap(),
                            JSON,
                            JSON,
                            "{\"metadata\":{\"name\":\"%s\"}}"
                                    .formatted(namespace)
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                    new Target(types.find("api/v1", "namespaces").orElseThrow(), "", "", ""));
        }
    }

    void podLogs(PodLogs source) {
        logs.source(source);
    }

    void bookmark() {
        watches.bookmark();
    }

    /** Callable from any thread. */
    void close() {
        vertx.runOnContext(ignored -> watches.endAll());
        logs.close();
    }

    void handle(HttpServerRequest http) {
        if (isForeign(http)) {
            fail(http.response(), StatusException.forbidden("requests of web pages are not served"));
        } else if ("websocket".equalsIgnoreCase(http.getHeader(HttpHeaders.UPGRADE))) {
            // Before the body is read: afterwards the connection can no longer be upgraded.
            upgrade(http);
        } else {
            http.body().compose(body -> prepared(request(http, body))).onComplete(request -> {
                if (request.succeeded()) {
                    guarded(http.response(), () -> answer(request.result(), http.response()));
                } else {
                    fail(http.response(), request.cause());
                }
            });
        }
    }

    /** A browser sends Origin with whatever could do harm; a page must not start processes here. */
    private static boolean isForeign(HttpServerRequest http) {
        String origin = http.getHeader(HttpHeaders.ORIGIN);
        String host = String.valueOf(http.getHeader(HttpHeaders.HOST));
        boolean local = host.startsWith("127.0.0.1") || host.startsWith("localhost");
        return !local || origin != null && !origin.equals("http://" + host);
    }

    private static ApiRequest request(HttpServerRequest http, Buffer body) {
        String path = http.path().length() > 1 ? http.path().replaceAll("/+$", "") : http.path();
        return new ApiRequest(
                http.method().name(),
                io.vertx.core.net.impl.URIDecoder.decodeURIComponent(path, false),
                http.params(),
                Optional.ofNullable(http.getHeader(HttpHeaders.CONTENT_TYPE)).orElse(JSON),
                Optional.ofNullable(http.getHeader(HttpHeaders.ACCEPT)).orElse(JSON),
                body.getBytes());
    }

    /** Compiling CEL rules takes seconds at first: done on a worker, before the definition is looked at here. */
    private Future<ApiRequest> prepared(ApiRequest request) {
        if (!request.path().contains("/customresourcedefinitions") || request.body().length == 0) {
            return Future.succeededFuture(request);
        }
        return vertx.executeBlocking(() -> {
            rules.prepare(Json.parse(request.body()));
            return request;
        });
    }

    private void answer(ApiRequest request, HttpServerResponse response) {
        Optional<Documents.Document> document = documents.find(request);
        if (document.isPresent()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, document.get().contentType())
                    .end(document.get().body());
            return;
        }
        Target target = Target.of(request.path(), types).orElseThrow(() -> StatusException.noSuchPath(request.path()));
        if (target.subresource().equals("log") && target.type().resource().equals("pods")) {
            logs.answer(request, resources.find(target), response);
        } else if (request.isWatch()) {
            watch(request, target, response);
        } else {
            Resources.Answer answer = resources.handle(request, target);
            boolean table = request.wantsTable() && request.method().equals("GET");
            answer.warnings().forEach(warning -> response.headers()
                    .add("Warning", "299 - \"" + warning.replace("\"", "\\\"") + "\""));
            ObjectNode body = table ? tables.table(target.type(), answer.body(), true) : answer.body();
            send(response, answer.code(), body);
        }
    }

    private BiFunction<ObjectNode, Boolean, JsonNode> view(ApiRequest request, Target target) {
        return request.wantsTable()
                ? (object, first) -> tables.table(target.type(), target.type().named(object), first)
                : (object, first) -> target.type().named(object);
    }

    private Watches.Selection selection(ApiRequest request, Target target) {
        return new Watches.Selection(
                target.type(), target.namespace(), Resources.selection(request, target), view(request, target));
    }

    private void watch(ApiRequest request, Target target, HttpServerResponse response) {
        Watches.Selection selection = selection(request, target);
        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.write(""); // The headers at once: clients wait for them before the first event.
        Watches.Watch watch = watches.open(selection, request, new Watches.Sink() {
            @Override
            public void send(ObjectNode event) {
                response.write(Json.write(event) + "\n");
            }

            @Override
            public void end() {
                response.end();
            }
        });
        if (!response.ended()) {
            response.closeHandler(closed -> watch.forget());
            timeout(request, watch);
        }
    }

    private void upgrade(HttpServerRequest http) {
        ApiRequest request = request(http, Buffer.buffer());
        Optional<Target> target = Target.of(request.path(), types);
        if (target.isEmpty() || !request.isWatch()) {
            fail(http.response(), StatusException.noSuchPath(request.path()));
            return;
        }
        guarded(http.response(), () -> {
            Watches.Selection selection = selection(request, target.get());
            http.toWebSocket().onSuccess(socket -> watch(request, selection, socket));
        });
    }

    private void watch(ApiRequest request, Watches.Selection selection, ServerWebSocket socket) {
        Watches.Watch watch = watches.open(selection, request, new Watches.Sink() {
            @Override
            public void send(ObjectNode event) {
                if (!socket.isClosed()) {
                    socket.writeTextMessage(Json.write(event));
                }
            }

            @Override
            public void end() {
                socket.close();
            }
        });
        socket.closeHandler(closed -> watch.forget());
        timeout(request, watch);
    }

    private void timeout(ApiRequest request, Watches.Watch watch) {
        int seconds = request.number("timeoutSeconds", 0);
        if (seconds > 0) {
            vertx.setTimer(seconds * 1_000L, timer -> watch.end());
        }
    }

    private static void guarded(HttpServerResponse response, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            fail(response, e); // a client without an answer would wait for ever
        }
    }

    private static void fail(HttpServerResponse response, Throwable failure) {
        if (failure instanceof StatusException refused) {
            send(response, refused.code(), refused.status());
        } else if (!response.closed()) {
            LOG.log(Level.SEVERE, "a request failed", failure);
            send(
                    response,
                    500,
                    StatusException.internal(String.valueOf(failure)).status());
        }
    }

    private static void send(HttpServerResponse response, int code, JsonNode body) {
        if (!response.headWritten()) {
            response.setStatusCode(code)
                    .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .end(Json.write(body));
        }
    }
}
