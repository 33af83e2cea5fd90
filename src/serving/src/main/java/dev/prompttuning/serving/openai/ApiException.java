package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.OptionalInt;

/** A request that gets an error answer. The message is for the client. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String param;
    private final String code;
    private final int retryAfterSeconds;

    private ApiException(int status, String type, String param, String code, int retryAfterSeconds, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** 400: {@code param} cannot be used as it is. */
    public static ApiException invalid(String param, String message) {
        return invalid(param, null, message);
    }

    /** 400 with OpenAI's {@code code}. */
    public static ApiException invalid(String param, String code, String message) {
        return new ApiException(400, "invalid_request_error", param, code, 0, message);
    }

    /** 404: nothing is served by that name. */
    public static ApiException unknownModel(String model, Collection<String> served) {
        String message = "The model '" + model + "' is not served here; 'model' is one of " + String.join(", ", served)
                + ". The list is at GET /v1/models.";
        return new ApiException(404, "invalid_request_error", "model", "model_not_found", 0, message);
    }

    /** 404: no such path. */
    public static ApiException unknownPath(String method, String path) {
        String message = "There is no " + method + " " + path
                + "; this server answers GET /v1/models, POST /v1/completions and POST /v1/chat/completions.";
        return new ApiException(404, "invalid_request_error", null, "unknown_url", 0, message);
    }

    /** 429: too many requests wait. */
    public static ApiException overloaded(int waiting, int retryAfterSeconds) {
        String message = waiting + " requests are waiting, which is all this server lets wait; try again in "
                + retryAfterSeconds + " s.";
        return new ApiException(429, "rate_limit_error", null, "overloaded", retryAfterSeconds, message);
    }

    /** 503: still starting, or stopping. */
    public static ApiException unavailable(String message) {
        return new ApiException(503, "server_error", null, "unavailable", 5, message);
    }

    /** 500: our fault; the cause is in the log. */
    public static ApiException internal() {
        return new ApiException(
                500, "server_error", null, "internal_error", 0, "The server failed; its log has the cause.");
    }

    public int status() {
        return status;
    }

    /** Seconds for the {@code Retry-After} header. */
    public OptionalInt retryAfterSeconds() {
        return retryAfterSeconds > 0 ? OptionalInt.of(retryAfterSeconds) : OptionalInt.empty();
    }

    /** {@code {"error":{"message","type","param","code"}}}. */
    public ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", getMessage())
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return body;
    }
}
