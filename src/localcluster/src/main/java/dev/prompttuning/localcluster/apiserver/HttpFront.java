package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** HTTP's side of the server: reads requests, finds what they name, and answers them. */
final class HttpFront {
    private static final Logger LOG = Logger.getLogger(HttpFront.class.getName());
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final ResourceTypes types = new ResourceTypes();
    private final Documents documents = new Documents(new Discovery(types), new OpenApi(types));
    private final CelRules rules = new CelRules();
    private final Cluster cluster;
    private final Resources resources;
    private final Watches watches;
    private final LogStreams logs;

    /** @param history how many changes are remembered for watches */
    HttpFront(Vertx vertx, int history, Watches watches, LogStreams logs) {
        this.vertx = vertx;
        this.watches = watches;
        this.logs = logs;
        Store store = new Store(history, this::changed);
        this.cluster = new Cluster(types, store, new Deletion(store), new Admission(rules));
        this.resources = new Resources(cluster);
        ObjectNode metadata =
                Json.of("name", "default", "uid", UUID.randomUUID().toString());
        ObjectNode status = Json.of("phase", "Active");
        store.put(
                new Store.Key(Deletion.NAMESPACES, "", "default"),
                Json.kind("v1", "Namespace", "metadata", metadata, "status", status));
    }

    private void changed(Store.Change change) {
        types.follow(change);
        watches.tell(change);
    }

    long revision() {
        return cluster.store().revision();
    }

    void handle(HttpServerRequest http) {
        HttpServerResponse response = http.response();
        if (isForeign(http)) {
            fail(response, StatusException.forbidden("requests of web pages are not served"));
        } else if ("websocket".equalsIgnoreCase(http.getHeader(HttpHeaders.UPGRADE))) {
            // Before the body is read: afterwards the connection can no longer be upgraded.
            Future.future(promise -> upgrade(http)).onFailure(failure -> fail(response, failure));
        } else {
            http.body()
                    .compose(body -> prepared(request(http, body.toString())))
                    .map(request -> {
                        answer(request, response);
                        return request;
                    })
                    .onFailure(failure -> fail(response, failure));
        }
    }

    /** A browser sends Origin with whatever could do harm; a page must not start processes here. */
    private static boolean isForeign(HttpServerRequest http) {
        String origin = http.getHeader(HttpHeaders.ORIGIN);
        String host = String.valueOf(http.getHeader(HttpHeaders.HOST));
        boolean local = host.startsWith("127.0.0.1") || host.startsWith("localhost");
        return !local || origin != null && !origin.equals("http://" + host);
    }

    private static ApiRequest request(HttpServerRequest http, String body) {
        return new ApiRequest(
                http.method().name(),
                URLDecoder.decode(http.path().replaceAll("(?<=.)/+$", ""), StandardCharsets.UTF_8),
                http.params(),
                Optional.ofNullable(http.getHeader(HttpHeaders.CONTENT_TYPE)).orElse(JSON),
                Optional.ofNullable(http.getHeader(HttpHeaders.ACCEPT)).orElse(JSON),
                body);
    }

    /** Compiling CEL rules takes seconds at first: done on a worker, before the definition is looked at here. */
    private Future<ApiRequest> prepared(ApiRequest request) {
        if (request.body().isEmpty() || !request.path().contains("/customresourcedefinitions")) {
            return Future.succeededFuture(request);
        }
        return vertx.executeBlocking(() -> {
            rules.prepare(Json.parse(request.body()));
            return request;
        });
    }

    private void answer(ApiRequest request, HttpServerResponse response) {
        Optional<Documents.Document> document = documents.find(request.path());
        if (document.isPresent()) {
            send(response, 200, document.get().contentType(), document.get().body());
            return;
        }
        Target target = Target.of(request.path(), types);
        if (target.subresource().equals("log")) {
            logs.answer(request, cluster.find(target), response);
        } else if (request.isWatch()) {
            watch(request, target, response);
        } else {
            Answer answer = resources.handle(request, target);
            boolean table = request.wantsTable();
            send(response, table ? Answer.of(Tables.table(target.type(), answer.body(), true)) : answer);
        }
    }

    private void watch(ApiRequest request, Target target, HttpServerResponse response) {
        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.write(""); // The headers at once: clients wait for them before the first event.
        Consumer<String> sink = event -> response.write(event + "\n");
        Runnable forget = watches.open(cluster.store(), request, target, sink, response::end);
        if (!response.ended()) {
            response.closeHandler(closed -> forget.run());
        }
    }

    private void upgrade(HttpServerRequest http) {
        ApiRequest request = request(http, "");
        Target target = Target.of(request.path(), types);
        http.toWebSocket().onSuccess(socket -> {
            Runnable forget = watches.open(cluster.store(), request, target, socket::writeTextMessage, socket::close);
            socket.closeHandler(closed -> forget.run());
        });
    }

    private static void fail(HttpServerResponse response, Throwable failure) {
        if (failure instanceof StatusException refused) {
            send(response, new Answer(refused.code(), refused.status(), List.of()));
        } else {
            LOG.log(Level.SEVERE, "a request failed", failure);
            fail(response, new StatusException(500, "InternalError", String.valueOf(failure)));
        }
    }

    private static void send(HttpServerResponse response, Answer answer) {
        answer.warnings().forEach(warning -> response.headers()
                .add("Warning", "299 - \"" + warning.replace("\"", "\\\"") + "\""));
        send(response, answer.code(), JSON, answer.body().toString());
    }

    private static void send(HttpServerResponse response, int code, String contentType, String body) {
        if (!response.headWritten() && !response.closed()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            response.setStatusCode(code).end(body);
        }
    }
}
