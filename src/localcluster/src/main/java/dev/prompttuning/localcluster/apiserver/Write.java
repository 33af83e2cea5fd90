package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prompttuning.localcluster.apiserver.StatusException.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One change of one object: from what a client sent, by what the server keeps to itself, admission and {@code
 * managedFields}, to the store.
 */
final class Write {
    private final Cluster cluster;
    private final ApiRequest request;
    private final Target target;
    private final ResourceType type;
    private final boolean ofStatus;
    private final List<String> warnings = new ArrayList<>();

    Write(Cluster cluster, ApiRequest request, Target target) {
        this.cluster = cluster;
        this.request = request;
        this.target = target;
        this.type = target.type();
        this.ofStatus = target.subresource().equals("status");
    }

    private void prune(ObjectNode object) {
        warnings.addAll(cluster.admission().prune(type, object, request.parameter("fieldValidation")));
    }

    Answer create(ObjectNode object) {
        return create(object, null);
    }

    private Answer create(ObjectNode object, ObjectNode applied) {
        prune(object);
        ObjectNode metadata = Json.metadata(object);
        if (!metadata.has("name") && metadata.has("generateName")) {
            String random = UUID.randomUUID().toString().substring(0, 5);
            metadata.put("name", Json.text(metadata, "generateName") + random);
        }
        if (type.namespaced()) {
            metadata.put("namespace", target.namespace());
        }
        checkMayExist(object);
        metadata.remove(List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"));
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", Json.time(Instant.now()));
        metadata.put("generation", 1);
        object.remove(type.hasStatus() ? List.of("status") : List.of());
        cluster.admission().admit(type, object, null);
        return commit(201, Json.of(), object, applied);
    }

    private void checkMayExist(ObjectNode object) {
        String name = Json.name(object);
        if (name.isEmpty()) {
            String message = "Required value: name or generateName is required";
            throw StatusException.invalid(type, "", List.of(new Cause("FieldValueRequired", "metadata.name", message)));
        }
        if (cluster.store().get(key(object)).isPresent()) {
            String message = "%s \"%s\" already exists".formatted(type.resource(), name);
            throw new StatusException(409, "AlreadyExists", message);
        }
        if (type.namespaced()) {
            Target namespace = Target.of("/api/v1/namespaces/" + target.namespace(), cluster.types());
            if (Deletion.isDeleting(cluster.find(namespace))) {
                throw StatusException.forbidden(
                        "\"%s\" is forbidden: unable to create new content in namespace %s because it is being terminated"
                                .formatted(name, target.namespace()));
            }
        }
    }

    Answer update(ObjectNode before, ObjectNode next) {
        return update(before, next, null);
    }

    private Answer update(ObjectNode before, ObjectNode next, ObjectNode applied) {
        String expected = Json.text(next, "metadata", "resourceVersion");
        if (!expected.isEmpty() && !expected.equals(Json.text(before, "metadata", "resourceVersion"))) {
            String why = "the object has been modified; please apply your changes to the latest version and try again";
            throw StatusException.conflict(type, target.name(), why);
        }
        prune(next);
        ObjectNode after = ofStatus ? before.deepCopy() : next;
        if (type.hasStatus()) {
            Json.set(after, "status", (ofStatus ? next : before).path("status"));
        }
        ObjectNode metadata = before.path("metadata").deepCopy();
        FieldManager.CLIENTS.forEach(field -> Json.set(metadata, field, Json.at(after, "metadata", field)));
        after.set("metadata", metadata);
        cluster.admission().admit(type, after, before);
        if (!Json.same(desired(before), desired(after))) {
            int generation = Json.at(before, "metadata", "generation").asInt();
            metadata.put("generation", generation + 1);
        }
        return commit(200, before, after, applied);
    }

    private JsonNode desired(ObjectNode object) {
        String status = type.hasStatus() ? "status" : "metadata";
        return object.deepCopy().remove(List.of("apiVersion", "kind", "metadata", status));
    }

    /** A server-side apply, which creates what is not there. */
    Answer apply(ObjectNode applied) {
        if (request.parameter("fieldManager").isEmpty()) {
            throw StatusException.badRequest("a server-side apply needs the query parameter fieldManager");
        }
        prune(applied);
        ObjectNode own = FieldManager.managed(applied);
        if (ofStatus) {
            own.retain("status");
        } else if (type.hasStatus()) {
            own.remove("status");
        }
        ObjectNode before = ofStatus
                ? cluster.find(target)
                : cluster.store().get(target.key()).orElse(Json.of());
        ObjectNode next = manager("Apply").apply(before, own, request.flag("force"));
        if (before.isEmpty()) {
            Json.metadata(next).put("name", target.name());
            return create(next, own);
        }
        if (Json.at(applied, "metadata").has("resourceVersion")) {
            Json.metadata(next).set("resourceVersion", Json.at(applied, "metadata", "resourceVersion"));
        }
        return update(before, next, own);
    }

    private FieldManager manager(String operation) {
        String given = request.parameter("fieldManager");
        String name = given.isEmpty() ? "unknown" : given;
        return new FieldManager(name, operation, target.subresource(), type, Json.time(Instant.now()));
    }

    private Store.Key key(ObjectNode object) {
        return new Store.Key(type.resource(), target.namespace(), Json.name(object));
    }

    private Answer commit(int code, ObjectNode before, ObjectNode after, ObjectNode applied) {
        manager(applied == null ? "Update" : "Apply").record(before, after, applied);
        ObjectNode named = type.named(after);
        if (request.isDryRun()) {
            return new Answer(code, named, warnings);
        }
        Store.Key key = key(named);
        cluster.store().put(key, named);
        cluster.deletion().sweep();
        return new Answer(code, cluster.store().get(key).orElse(named), warnings);
    }
}
