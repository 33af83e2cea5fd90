package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Predicate;

/** The verbs on objects: get, list, create, update, patch, apply, delete. */
record Resources(Cluster cluster) {

    Answer handle(ApiRequest request, Target target) {
        String of = target.name().isEmpty() ? "all" : target.subresource();
        return switch (of.equals("status") ? request.method() : (request.method() + " " + of).trim()) {
            case "GET all" -> Answer.of(list(request, target));
            case "POST all" -> write(request, target).create(request.object());
            case "GET" -> Answer.of(target.type().named(cluster.find(target)));
            case "PUT" -> write(request, target).update(cluster.find(target), request.object());
            case "PATCH" -> patch(request, target);
            case "DELETE" -> delete(request, target);
            case "GET scale" -> Answer.of(new Scale(target.type().scale()).read(cluster.find(target)));
            case "PUT scale", "PATCH scale" -> scale(request, target);
            default ->
                throw new StatusException(
                        405, "MethodNotAllowed", "the server does not allow " + request.method() + " of this resource");
        };
    }

    private Write write(ApiRequest request, Target target) {
        return new Write(cluster, request, target);
    }

    static Predicate<JsonNode> selection(ApiRequest request, Target target) {
        return Selectors.labels(request.parameter("labelSelector"))
                .and(Selectors.fields(request.parameter("fieldSelector")))
                .and(object -> target.name().isEmpty() || Json.name(object).equals(target.name()));
    }

    private ObjectNode list(ApiRequest request, Target target) {
        ResourceType type = target.type();
        var selected = cluster.store().list(type.resource(), target.namespace()).values().stream()
                .filter(selection(request, target))
                .map(type::named);
        ObjectNode metadata =
                Json.of("resourceVersion", Long.toString(cluster.store().revision()));
        JsonNode items = Json.array(selected.toList());
        return Json.kind(type.apiVersion(), type.kind() + "List", "metadata", metadata, "items", items);
    }

    private Answer patch(ApiRequest request, Target target) {
        if (request.contentType().startsWith("application/apply-patch")) {
            return write(request, target).apply(request.object());
        }
        ObjectNode before = cluster.find(target);
        return write(request, target)
                .update(before, patched(request, target, target.type().named(before)));
    }

    private static ObjectNode patched(ApiRequest request, Target target, ObjectNode object) {
        if (target.type().custom() && request.contentType().startsWith("application/strategic")) {
            throw StatusException.unsupportedMediaType("custom resources take no strategic merge patches");
        }
        Schema schema = target.type().schema();
        return Patches.apply(request.contentType(), object, Json.parse(request.body()), schema);
    }

    private Answer scale(ApiRequest request, Target target) {
        Scale scale = new Scale(target.type().scale());
        ObjectNode before = cluster.find(target);
        boolean whole = request.method().equals("PUT");
        ObjectNode wanted = whole ? request.object() : patched(request, target, scale.read(before));
        Answer answer = write(request, target.object()).update(before, scale.write(wanted, before));
        return Answer.of(scale.read(answer.body()));
    }

    private Answer delete(ApiRequest request, Target target) {
        ObjectNode object = cluster.find(target);
        // Typed clients send these few bytes as protobuf; what they say are the defaults.
        boolean silent = request.body().isEmpty() || request.isProtobuf();
        ObjectNode options = silent ? Json.of() : request.object();
        if (Json.text(options, "propagationPolicy").equals("Orphan")) {
            cluster.deletion().orphan(Json.uid(object));
        }
        int grace = options.path("gracePeriodSeconds").asInt(request.number("gracePeriodSeconds", -1));
        if (!request.isDryRun() && !options.has("dryRun")) {
            cluster.deletion().delete(target.key(), Optional.of(grace).filter(seconds -> seconds >= 0));
        }
        return Answer.of(
                cluster.store().get(target.key()).map(target.type()::named).orElseGet(() -> success(target, object)));
    }

    private static ObjectNode success(Target target, ObjectNode object) {
        ObjectNode about = Json.of("name", target.name(), "kind", target.type().plural(), "uid", Json.uid(object));
        return Json.kind("v1", "Status", "status", "Success", "details", about);
    }
}
