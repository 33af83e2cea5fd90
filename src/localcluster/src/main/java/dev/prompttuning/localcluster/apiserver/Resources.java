package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** The verbs on objects: get, list, create, update, patch, apply, delete. */
final class Resources {
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

    /** @param warnings sent as Warning headers */
    record Answer(int code, ObjectNode body, List<String> warnings) {
        Answer(int code, ObjectNode body) {
            this(code, body, List.of());
        }
    }

    private final ResourceTypes types;
    private final Lifecycle lifecycle;
    private final Store store;
    private final Admission admission;

    Resources(ResourceTypes types, Lifecycle lifecycle, Admission admission) {
        this.types = types;
        this.lifecycle = lifecycle;
        this.store = lifecycle.store();
        this.admission = admission;
    }

    Answer handle(ApiRequest request, Target target) {
        if (target.name().isEmpty()) {
            return switch (request.method()) {
                case "GET" -> new Answer(200, list(request, target));
                case "POST" -> create(request, target, body(request));
                case "DELETE" -> deleteCollection(request, target);
                default -> throw StatusException.methodNotAllowed(request.method());
            };
        }
        if (target.subresource().equals("scale")) {
            return new Scales(this).handle(request, target);
        }
        if (!List.of("", "status", "finalize").contains(target.subresource())
                || target.subresource().equals("status") && !target.type().hasStatus()) {
            throw StatusException.noSuchPath(request.path());
        }
        return switch (request.method()) {
            case "GET" -> new Answer(200, target.type().named(find(target)));
            case "PUT" -> update(request, target, body(request));
            case "PATCH" -> patch(request, target);
            case "DELETE" -> delete(request, target);
            default -> throw StatusException.methodNotAllowed(request.method());
        };
    }

    ObjectNode find(Target target) {
        return store.get(target.key()).orElseThrow(() -> StatusException.notFound(target.type(), target.name()));
    }

    static Predicate<JsonNode> selection(ApiRequest request, Target target) {
        Predicate<JsonNode> matches = Selectors.labels(request.parameter("labelSelector"))
                .and(Selectors.fields(request.parameter("fieldSelector")));
        return target.name().isEmpty()
                ? matches
                : matches.and(object -> Json.name(object).equals(target.name()));
    }

    private ObjectNode list(ApiRequest request, Target target) {
        Predicate<JsonNode> matches = selection(request, target);
        ObjectNode list = Json.object()
                .put("kind", target.type().kind() + "List")
                .put("apiVersion", target.type().apiVersion());
        ObjectNode metadata = list.putObject("metadata").put("resourceVersion", Long.toString(store.revision()));
        ArrayNode items = list.putArray("items");
        int limit = request.number("limit", 0);
        String from = new String(Base64.getDecoder().decode(request.parameter("continue")), StandardCharsets.UTF_8);
        for (Map.Entry<Store.Key, ObjectNode> entry :
                store.list(target.type().resource(), target.namespace()).entrySet()) {
            String place = entry.getKey().namespace() + "/" + entry.getKey().name();
            if (place.compareTo(from) <= 0 || !matches.test(entry.getValue())) {
                continue;
            }
            if (limit > 0 && items.size() == limit) {
                JsonNode last = items.get(limit - 1);
                String token = Json.text(last, "metadata", "namespace") + "/" + Json.name(last);
                byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
                metadata.put("continue", Base64.getEncoder().encodeToString(bytes));
                break;
            }
            items.add(target.type().named(entry.getValue()));
        }
        return list;
    }

    private static ObjectNode body(ApiRequest request) {
        if (request.contentType().contains("protobuf")) {
            throw StatusException.unsupportedMediaType(
                    "this server reads JSON and YAML, not protobuf: instead of"
                            + " \"kubectl create ...\" use \"kubectl create ... --dry-run=client -o yaml | kubectl apply -f -\"");
        }
        if (Json.parse(request.body()) instanceof ObjectNode object) {
            return object;
        }
        throw StatusException.badRequest("the request's body is no object");
    }

    private Answer create(ApiRequest request, Target target, ObjectNode object) {
        ResourceType type = target.type();
        ObjectNode metadata = Json.metadata(object);
        checkIdentity(target, object);
        if (type.namespaced()) {
            String namespace =
                    target.namespace().isEmpty() ? metadata.path("namespace").asText("") : target.namespace();
            metadata.put("namespace", namespace);
            checkNamespace(namespace, Json.name(object));
        } else {
            metadata.remove("namespace");
        }
        if (Json.name(object).isEmpty() && metadata.has("generateName")) {
            metadata.put(
                    "name",
                    metadata.path("generateName").asText()
                            + UUID.randomUUID().toString().substring(0, 5));
        }
        String name = Json.name(object);
        if (name.isEmpty()) {
            String message = "Required value: name or generateName is required";
            throw StatusException.invalid(
                    type, "", List.of(new StatusException.Cause("FieldValueRequired", "metadata.name", message)));
        }
        if (store.get(type.key(object)).isPresent()) {
            throw StatusException.alreadyExists(type, name);
        }
        List<String> warnings = admission.prune(type, object, request.parameter("fieldValidation"));
        if (type.hasStatus()) {
            object.remove("status");
        }
        lifecycle.stampNew(type, object);
        admission.admit(type, object, null, lifecycle.now());
        if (!metadata.path("managedFields").isArray()) {
            writer(request, target).recordUpdate(Json.object(), object);
        }
        if (request.isDryRun()) {
            return new Answer(201, type.named(object), warnings);
        }
        ObjectNode created = lifecycle.create(type.key(object), object);
        defined(type, created);
        return new Answer(201, type.named(created), warnings);
    }

    /** The kinds served follow the definitions stored. */
    private void defined(ResourceType type, ObjectNode object) {
        if (type.resource().equals(DEFINITIONS)) {
            if (store.get(type.key(object)).isPresent()) {
                types.define(object);
            } else {
                types.forget(object);
            }
        }
    }

    private static void checkIdentity(Target target, ObjectNode object) {
        String kind = Json.text(object, "kind");
        String apiVersion = Json.text(object, "apiVersion");
        ResourceType type = target.type();
        if (!kind.isEmpty() && !kind.equals(type.kind())
                || !apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion())) {
            throw StatusException.badRequest("%s %s in the body does not match %s %s of the path"
                    .formatted(apiVersion, kind, type.apiVersion(), type.kind()));
        }
        String namespace = Json.text(object, "metadata", "namespace");
        if (!namespace.isEmpty() && !target.namespace().isEmpty() && !namespace.equals(target.namespace())) {
            throw StatusException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on" + " the request");
        }
        String name = Json.name(object);
        if (!target.name().isEmpty() && !name.isEmpty() && !name.equals(target.name())) {
            throw StatusException.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(name, target.name()));
        }
    }

    private void checkNamespace(String namespace, String name) {
        ResourceType namespaces = types.find("api/v1", "namespaces").orElseThrow();
        ObjectNode found = store.get(namespaces.key("", namespace))
                .orElseThrow(() -> StatusException.notFound(namespaces, namespace));
        if (Lifecycle.isDeleting(found)) {
            throw StatusException.forbidden(
                    "\"%s\" is forbidden: unable to create new content in namespace %s because it"
                                    .formatted(name, namespace)
                            + " is being terminated");
        }
    }

    Answer update(ApiRequest request, Target target, ObjectNode object) {
        checkIdentity(target, object);
        ObjectNode before = find(target);
        if (target.type().custom()
                && Json.text(object, "metadata", "resourceVersion").isEmpty()) {
            String message = "Invalid value: 0x0: must be specified for an update";
            throw StatusException.invalid(
                    target.type(),
                    target.name(),
                    List.of(new StatusException.Cause("FieldValueInvalid", "metadata.resourceVersion", message)));
        }
        return commit(request, target, before, object, false);
    }

    private Answer patch(ApiRequest request, Target target) {
        if (request.contentType().startsWith("application/apply-patch")) {
            return apply(request, target);
        }
        JsonNode patch = Json.parse(request.body());
        ObjectNode before = find(target);
        ObjectNode shown = target.type().named(before);
        String contentType = request.contentType().split(";")[0].trim();
        JsonNode next =
                switch (contentType) {
                    case "application/json-patch+json" -> Patches.json(shown, patch);
                    case "application/merge-patch+json" -> Patches.merge(shown, patch);
                    case "application/strategic-merge-patch+json" -> {
                        if (target.type().custom()) {
                            throw StatusException.unsupportedMediaType(
                                    "the body of the request was in an unknown format -"
                                            + " accepted media types include: application/json-patch+json,"
                                            + " application/merge-patch+json, application/apply-patch+yaml");
                        }
                        yield Patches.strategic(shown, patch, target.type().schema());
                    }
                    default -> throw StatusException.unsupportedMediaType("unknown kind of patch: " + contentType);
                };
        if (!(next instanceof ObjectNode object)) {
            throw StatusException.badRequest("the patch leaves no object");
        }
        checkIdentity(target, object);
        return commit(request, target, before, object.deepCopy(), false);
    }

    private Answer apply(ApiRequest request, Target target) {
        ResourceType type = target.type();
        if (request.parameter("fieldManager").isEmpty()) {
            throw StatusException.badRequest(
                    "PATCH of application/apply-patch+yaml needs the query parameter fieldManager");
        }
        ObjectNode applied = body(request);
        checkIdentity(target, applied);
        List<String> warnings = admission.prune(type, applied, request.parameter("fieldValidation"));
        ObjectNode before = store.get(target.key()).orElse(null);
        if (before == null && !target.subresource().isEmpty()) {
            throw StatusException.notFound(type, target.name());
        }
        ObjectNode own = FieldSets.managed(applied);
        if (target.subresource().equals("status")) {
            own.retain("status");
        } else if (type.hasStatus()) {
            own.remove("status");
        }
        ObjectNode live = before == null ? Json.object() : before;
        ObjectNode next = writer(request, target).apply(live, own, request.flag("force"));
        ObjectNode metadata = Json.metadata(next);
        if (before == null) {
            metadata.put("name", target.name());
            return create(request, target, type.named(next));
        }
        String version = Json.text(applied, "metadata", "resourceVersion");
        if (!version.isEmpty()) {
            metadata.put("resourceVersion", version);
        }
        Answer answer = commit(request, target, before, next, true);
        return new Answer(answer.code(), answer.body(), warnings);
    }

    private ServerSideApply writer(ApiRequest request, Target target) {
        String manager = request.parameter("fieldManager");
        return new ServerSideApply(
                target.type().schema(),
                target.type().apiVersion(),
                manager.isEmpty() ? "unknown" : manager,
                target.subresource().equals("finalize") ? "" : target.subresource(),
                lifecycle.now());
    }

    /** The common end of every change: subresource, version, admission, managed fields, store. */
    Answer commit(ApiRequest request, Target target, ObjectNode before, ObjectNode next, boolean applied) {
        ResourceType type = target.type();
        String version = Json.text(next, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals(Json.text(before, "metadata", "resourceVersion"))) {
            throw StatusException.conflict(
                    type,
                    target.name(),
                    "the object has been modified; please apply your changes" + " to the latest version and try again");
        }
        String uid = Json.uid(next);
        if (!uid.isEmpty() && !uid.equals(Json.uid(before))) {
            throw StatusException.conflict(
                    type,
                    target.name(),
                    "Precondition failed: UID in precondition: %s, UID in".formatted(uid) + " object meta: "
                            + Json.uid(before));
        }
        List<String> warnings = applied ? List.of() : admission.prune(type, next, request.parameter("fieldValidation"));
        ObjectNode after = next;
        if (target.subresource().equals("status")) {
            after = before.deepCopy();
            Json.set(after, "status", next.path("status"));
            if (applied) {
                Json.set(Json.metadata(after), "managedFields", Json.at(next, "metadata", "managedFields"));
            }
        } else if (type.hasStatus()) {
            Json.set(after, "status", before.path("status"));
        }
        after.remove(List.of("kind", "apiVersion"));
        after = type.named(after);
        Json.metadata(after).put("name", target.name());
        lifecycle.stampChanged(type, before, after);
        admission.admit(type, after, before, lifecycle.now());
        lifecycle.stampChanged(type, before, after);
        if (!applied) {
            writer(request, target).recordUpdate(before, after);
        }
        ServerSideApply.keepTimes(before, after);
        if (request.isDryRun()) {
            return new Answer(200, after, warnings);
        }
        ObjectNode stored = lifecycle.update(target.key(), after);
        defined(type, stored);
        return new Answer(200, type.named(stored), warnings);
    }

    private Answer delete(ApiRequest request, Target target) {
        ObjectNode object = find(target);
        ObjectNode options = request.body().length == 0 ? Json.object() : deletionOptions(request);
        String uid = Json.text(options, "preconditions", "uid");
        if (!uid.isEmpty() && !uid.equals(Json.uid(object))) {
            throw StatusException.conflict(
                    target.type(),
                    target.name(),
                    "the UID in the precondition (%s) is not that of".formatted(uid) + " the object ("
                            + Json.uid(object) + ")");
        }
        ObjectNode last = object;
        if (!request.isDryRun() && Json.strings(options.path("dryRun")).isEmpty()) {
            last = lifecycle.delete(target.key(), deletion(request, options));
            defined(target.type(), last);
        }
        if (store.get(target.key()).isPresent()) {
            return new Answer(200, target.type().named(last));
        }
        ObjectNode status =
                Json.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
        status.putObject("metadata");
        status.putObject("details")
                .put("name", target.name())
                .put("group", target.type().group())
                .put("kind", target.type().plural())
                .put("uid", Json.uid(object));
        return new Answer(200, status);
    }

    private static ObjectNode deletionOptions(ApiRequest request) {
        // Typed clients send these few bytes as protobuf; what they say are the defaults.
        return request.contentType().contains("protobuf") ? Json.object() : body(request);
    }

    private static Lifecycle.Deletion deletion(ApiRequest request, ObjectNode options) {
        String propagation = options.path("propagationPolicy").asText(request.parameter("propagationPolicy"));
        int grace = options.path("gracePeriodSeconds").asInt(request.number("gracePeriodSeconds", -1));
        return new Lifecycle.Deletion(propagation, grace);
    }

    private Answer deleteCollection(ApiRequest request, Target target) {
        Predicate<JsonNode> matches = selection(request, target);
        ObjectNode options = request.body().length == 0 ? Json.object() : deletionOptions(request);
        List<Store.Key> keys = new ArrayList<>();
        store.list(target.type().resource(), target.namespace()).forEach((key, object) -> {
            if (matches.test(object)) {
                keys.add(key);
            }
        });
        ObjectNode list = list(request, target);
        for (Store.Key key : keys) {
            if (store.get(key).isPresent()) {
                defined(target.type(), lifecycle.delete(key, deletion(request, options)));
            }
        }
        return new Answer(200, list);
    }
}
