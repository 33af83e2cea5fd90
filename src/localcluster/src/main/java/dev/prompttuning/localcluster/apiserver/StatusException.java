package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** A refused request; {@link #status()} is the {@code Status} object that clients print. */
final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final ObjectNode status;

    /** One wrong field: {@code reason} is Kubernetes' cause type, {@code FieldValueInvalid} and the like. */
    record Cause(String reason, String field, String message) {}

    private StatusException(int code, String reason, String message) {
        super(message, null, false, false);
        this.code = code;
        this.status = Json.object()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", message)
                .put("reason", reason)
                .put("code", code);
        status.putObject("metadata");
    }

    private StatusException about(String group, String kind, String name) {
        ObjectNode details = status.withObjectProperty("details");
        details.put("name", name).put("kind", kind);
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        return this;
    }

    private StatusException causes(List<Cause> causes) {
        for (Cause cause : causes) {
            status.withObjectProperty("details")
                    .withArrayProperty("causes")
                    .addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        return this;
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        return status;
    }

    static StatusException notFound(ResourceType type, String name) {
        return new StatusException(404, "NotFound", "%s \"%s\" not found".formatted(type.resource(), name))
                .about(type.group(), type.plural(), name);
    }

    static StatusException noSuchPath(String path) {
        return new StatusException(404, "NotFound", "the server could not find the requested resource (" + path + ")");
    }

    static StatusException alreadyExists(ResourceType type, String name) {
        return new StatusException(409, "AlreadyExists", "%s \"%s\" already exists".formatted(type.resource(), name))
                .about(type.group(), type.plural(), name);
    }

    static StatusException conflict(ResourceType type, String name, String why) {
        String message = "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.resource(), name, why);
        return new StatusException(409, "Conflict", message).about(type.group(), type.plural(), name);
    }

    /** Fields that other managers own and a server-side apply without force would change. */
    static StatusException applyConflict(List<Cause> causes) {
        String all = causes.stream().map(c -> c.message() + ": " + c.field()).collect(Collectors.joining("\n- "));
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + all
                : "Apply failed with %d conflicts: \n- %s".formatted(causes.size(), all);
        return new StatusException(409, "Conflict", message).causes(causes);
    }

    static StatusException invalid(ResourceType type, String name, List<Cause> causes) {
        String all = causes.stream().map(c -> c.field() + ": " + c.message()).collect(Collectors.joining(", "));
        String qualified = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        String message =
                "%s \"%s\" is invalid: %s".formatted(qualified, name, causes.size() == 1 ? all : "[" + all + "]");
        return new StatusException(422, "Invalid", message)
                .about(type.group(), type.kind(), name)
                .causes(causes);
    }

    static StatusException badRequest(String message) {
        return new StatusException(400, "BadRequest", message);
    }

    static StatusException forbidden(String message) {
        return new StatusException(403, "Forbidden", message);
    }

    static StatusException methodNotAllowed(String method) {
        return new StatusException(
                405, "MethodNotAllowed", "the server does not allow " + method + " on the requested resource");
    }

    static StatusException unsupportedMediaType(String message) {
        return new StatusException(415, "UnsupportedMediaType", message);
    }

    static StatusException expired(String message) {
        return new StatusException(410, "Expired", message);
    }

    static StatusException internal(String message) {
        return new StatusException(500, "InternalError", message);
    }
}
