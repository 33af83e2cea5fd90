package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** A refused request; {@link #status()} is the {@code Status} object that clients print. */
final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ObjectNode status;

    /** One wrong field: {@code reason} is Kubernetes' cause type, {@code FieldValueInvalid} and the like. */
    record Cause(String reason, String field, String message) {}

    StatusException(int code, String reason, String message) {
        super(message, null, false, false);
        this.status =
                Json.kind("v1", "Status", "status", "Failure", "message", message, "reason", reason, "code", code);
    }

    private StatusException because(List<Cause> causes) {
        status.withObjectProperty("details").setAll(Json.of("causes", causes));
        return this;
    }

    int code() {
        return status.path("code").asInt();
    }

    ObjectNode status() {
        return status;
    }

    static StatusException notFound(ResourceType type, String name) {
        return new StatusException(404, "NotFound", "%s \"%s\" not found".formatted(type.resource(), name));
    }

    static StatusException noSuchPath(String path) {
        return new StatusException(404, "NotFound", "the server could not find the requested resource (" + path + ")");
    }

    static StatusException conflict(ResourceType type, String name, String why) {
        String message = "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.resource(), name, why);
        return new StatusException(409, "Conflict", message);
    }

    /** Fields that other managers own and a server-side apply without force would change. */
    static StatusException applyConflict(List<Cause> causes) {
        String all = causes.stream().map(c -> c.message() + ": " + c.field()).collect(Collectors.joining("\n- "));
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + all
                : "Apply failed with %d conflicts: \n- %s".formatted(causes.size(), all);
        return new StatusException(409, "Conflict", message).because(causes);
    }

    static StatusException invalid(ResourceType type, String name, List<Cause> causes) {
        String all = causes.stream().map(c -> c.field() + ": " + c.message()).collect(Collectors.joining(", "));
        String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        String message = "%s \"%s\" is invalid: %s".formatted(kind, name, causes.size() == 1 ? all : "[" + all + "]");
        StatusException invalid = new StatusException(422, "Invalid", message).because(causes);
        ObjectNode about = Json.of("name", name, "kind", type.kind(), "group", type.group());
        invalid.status.withObjectProperty("details").setAll(about);
        return invalid;
    }

    static StatusException badRequest(String message) {
        return new StatusException(400, "BadRequest", message);
    }

    static StatusException forbidden(String message) {
        return new StatusException(403, "Forbidden", message);
    }

    static StatusException unsupportedMediaType(String message) {
        return new StatusException(415, "UnsupportedMediaType", message);
    }
}
