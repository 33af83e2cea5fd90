package dev.prompttuning.trainer.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.api.contract.ContractJson;
import dev.prompttuning.api.contract.ServeState;
import dev.prompttuning.serving.ModelServer;
import dev.prompttuning.serving.adapter.AdapterStatus;
import dev.prompttuning.serving.openai.ApiException;
import dev.prompttuning.serving.openai.ModelCard;
import dev.prompttuning.serving.service.PreparedRequest;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The OpenAI API and what the operator asks: everything a server answers beside probes and metrics. */
public final class OpenAiRoutes {
    private static final Logger LOG = Logger.getLogger(OpenAiRoutes.class);
    private static final long BODY_LIMIT = 16L << 20;

    private final ModelServer server;

    public OpenAiRoutes(ModelServer server) {
        this.server = server;
    }

    public void mount(Router router) {
        router.get("/v1/models").handler(guarded(this::models));
        // A name may hold slashes, as repositories do.
        router.getWithRegex("/v1/models/(?<name>.+)").handler(guarded(this::model));
        ask(router, "/v1/completions", server.preparer()::completion);
        ask(router, "/v1/chat/completions", server.preparer()::chat);
        router.get("/adapters").handler(guarded(this::adapters));
        router.route("/v1/*").handler(guarded(context -> {
            throw ApiException.unknownPath(
                    context.request().method().name(), context.request().path());
        }));
    }

    private void ask(Router router, String path, Function<String, PreparedRequest> preparer) {
        router.route(HttpMethod.POST, path)
                .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT))
                .handler(guarded(context -> answer(context, preparer)));
    }

    /** Tokenizing a long prompt takes its time, so it is kept off the event loop. */
    private void answer(RoutingContext context, Function<String, PreparedRequest> preparer) {
        String body = context.body().asString();
        context.vertx()
                .executeBlocking(() -> preparer.apply(body), false)
                .onSuccess(request -> guarded(c -> submit(c, request)).handle(context))
                .onFailure(e -> fail(context, e));
    }

    private void submit(RoutingContext context, PreparedRequest request) {
        if (context.response().closed()) {
            return;
        }
        Answer answer = request.delivery().streamed()
                ? new StreamedAnswer(
                        context.response(), request, context.vertx().getOrCreateContext())
                : new WholeAnswer(context.response(), request, context.vertx().getOrCreateContext());
        var ticket = server.engine().submit(request.generation(), answer);
        context.response().closeHandler(closed -> ticket.cancel());
        context.response().exceptionHandler(broken -> ticket.cancel());
    }

    private void models(RoutingContext context) {
        send(context.response(), 200, ModelCard.list(server.preparer().models()));
    }

    private void model(RoutingContext context) {
        send(
                context.response(),
                200,
                server.preparer().model(context.pathParam("name")).json());
    }

    private void adapters(RoutingContext context) {
        ServeState state = new ServeState(
                server.adapters().statuses().stream().map(OpenAiRoutes::state).toList());
        context.response().putHeader("Content-Type", "application/json").end(ContractJson.write(state));
    }

    private static ServeState.LoadedAdapter state(AdapterStatus status) {
        ServeState.State state =
                switch (status.state()) {
                    case PENDING -> ServeState.State.LOADING;
                    case LOADED -> ServeState.State.LOADED;
                    case FAILED -> ServeState.State.FAILED;
                };
        return new ServeState.LoadedAdapter(status.name(), state, orNull(status.message()), orNull(status.digest()));
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Handler<RoutingContext> guarded(Handler<RoutingContext> handler) {
        return context -> {
            try {
                handler.handle(context);
            } catch (RuntimeException e) {
                fail(context, e);
            }
        };
    }

    private static void fail(RoutingContext context, Throwable e) {
        if (!context.response().ended() && !context.response().closed()) {
            send(context.response(), error(e));
        }
    }

    /** What a client is told of a failure. */
    static ApiException error(Throwable e) {
        if (e instanceof ApiException known) {
            return known;
        }
        LOG.error("A request failed", e);
        return ApiException.internal();
    }

    static void send(HttpServerResponse response, ApiException e) {
        e.retryAfterSeconds().ifPresent(seconds -> response.putHeader("Retry-After", Integer.toString(seconds)));
        send(response, e.status(), e.body());
    }

    static void send(HttpServerResponse response, int status, ObjectNode body) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toString());
    }
}
