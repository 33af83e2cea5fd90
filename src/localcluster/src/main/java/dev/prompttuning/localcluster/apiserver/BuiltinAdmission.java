package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What the server fills in or refuses in built-in kinds beyond what a schema can say. */
final class BuiltinAdmission {
    private BuiltinAdmission() {}

    /** @param before null when the object is new */
    static List<StatusException.Cause> admit(ResourceType type, ObjectNode object, ObjectNode before, String now) {
        switch (type.resource()) {
            case "namespaces" -> namespace(object);
            case "secrets" -> secret(object);
            case "pods" -> pod(object);
            case "services" -> service(object);
            case "deployments.apps" -> deployment(object);
            case "replicasets.apps" -> template(object);
            case "jobs.batch" -> job(object);
            case "persistentvolumeclaims" -> phase(object, "Pending");
            case "customresourcedefinitions.apiextensions.k8s.io" -> definition(object, now);
            default -> {}
        }
        return before == null ? List.of() : immutable(type, object, before);
    }

    private static List<StatusException.Cause> immutable(ResourceType type, ObjectNode object, ObjectNode before) {
        List<String> fields =
                switch (type.resource()) {
                    case "jobs.batch" -> List.of("template", "selector", "completionMode");
                    case "deployments.apps", "replicasets.apps" -> List.of("selector");
                    default -> List.<String>of();
                };
        List<StatusException.Cause> causes = new ArrayList<>();
        for (String field : fields) {
            JsonNode now = Json.at(object, "spec", field);
            boolean suspended = Json.at(before, "spec", "suspend").asBoolean(false);
            if (!Json.same(Json.at(before, "spec", field), now) && !(field.equals("template") && suspended)) {
                String message = "Invalid value: %s: field is immutable".formatted(now);
                causes.add(new StatusException.Cause("FieldValueInvalid", "spec." + field, message));
            }
        }
        return causes;
    }

    private static void phase(ObjectNode object, String phase) {
        ObjectNode status = object.withObjectProperty("status");
        if (!status.has("phase")) {
            status.put("phase", phase);
        }
    }

    private static void namespace(ObjectNode object) {
        phase(object, "Active");
        Json.metadata(object).withObjectProperty("labels").put("kubernetes.io/metadata.name", Json.name(object));
    }

    private static void secret(ObjectNode object) {
        JsonNode plain = object.remove("stringData");
        if (plain != null && plain.isObject()) {
            ObjectNode data = object.withObjectProperty("data");
            for (Map.Entry<String, JsonNode> field : plain.properties()) {
                byte[] bytes = field.getValue().asText().getBytes(StandardCharsets.UTF_8);
                data.put(field.getKey(), Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    private static void pod(ObjectNode object) {
        phase(object, "Pending");
        podSpec(object.path("spec"));
    }

    private static void template(ObjectNode object) {
        podSpec(Json.at(object, "spec", "template", "spec"));
    }

    private static void podSpec(JsonNode spec) {
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                if (!container.has("imagePullPolicy")) {
                    String image = container.path("image").asText();
                    boolean latest = image.endsWith(":latest") || !image.matches(".*[:@][^/]*");
                    ((ObjectNode) container).put("imagePullPolicy", latest ? "Always" : "IfNotPresent");
                }
            }
        }
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.size() == 1) {
                ((ObjectNode) volume).putObject("emptyDir");
            }
        }
    }

    private static void service(ObjectNode object) {
        for (JsonNode port : Json.at(object, "spec", "ports")) {
            if (!port.has("targetPort")) {
                ((ObjectNode) port).set("targetPort", port.path("port"));
            }
        }
    }

    private static void deployment(ObjectNode object) {
        template(object);
        ObjectNode strategy = object.withObjectProperty("spec").withObjectProperty("strategy");
        if (strategy.path("type").asText("RollingUpdate").equals("RollingUpdate")) {
            ObjectNode rolling = strategy.put("type", "RollingUpdate").withObjectProperty("rollingUpdate");
            for (String field : List.of("maxSurge", "maxUnavailable")) {
                if (!rolling.has(field)) {
                    rolling.put(field, "25%");
                }
            }
        }
    }

    private static void job(ObjectNode object) {
        template(object);
        ObjectNode spec = object.withObjectProperty("spec");
        if (!spec.has("completions") && spec.path("parallelism").asInt(1) == 1) {
            spec.put("completions", 1);
        }
        if (spec.path("manualSelector").asBoolean(false) || spec.has("selector")) {
            return;
        }
        String uid = Json.uid(object);
        spec.putObject("selector").putObject("matchLabels").put("batch.kubernetes.io/controller-uid", uid);
        ObjectNode labels = spec.withObjectProperty("template")
                .withObjectProperty("metadata")
                .withObjectProperty("labels");
        for (String prefix : List.of("", "batch.kubernetes.io/")) {
            labels.put(prefix + "controller-uid", uid).put(prefix + "job-name", Json.name(object));
        }
    }

    /** Served at once: established, with the names it asked for. */
    private static void definition(ObjectNode object, String now) {
        ObjectNode status = object.withObjectProperty("status");
        status.set("acceptedNames", Json.at(object, "spec", "names"));
        if (!status.has("conditions")) {
            for (List<String> condition : List.of(
                    List.of("NamesAccepted", "NoConflicts", "no conflicts found"),
                    List.of("Established", "InitialNamesAccepted", "the initial names have been accepted"))) {
                status.withArrayProperty("conditions")
                        .addObject()
                        .put("type", condition.get(0))
                        .put("status", "True")
                        .put("reason", condition.get(1))
                        .put("message", condition.get(2))
                        .put("lastTransitionTime", now);
            }
        }
        status.remove("storedVersions");
        for (JsonNode version : Json.at(object, "spec", "versions")) {
            if (version.path("storage").asBoolean()) {
                status.withArrayProperty("storedVersions")
                        .add(version.path("name").asText());
            }
        }
    }
}
