package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The columns of built-in kinds; a path that begins with # is computed here. */
final class BuiltinColumns {
    private BuiltinColumns() {}

    static List<ResourceType.Column> of(String resource) {
        return switch (resource) {
            case "pods" -> columns("Ready|#pod-ready", "Status|#pod-status", "Restarts|#pod-restarts", AGE);
            case "jobs.batch" ->
                columns("Status|#job-status", "Completions|#job-completions", "Duration|#job-duration", AGE);
            case "deployments.apps" ->
                columns("Ready|#replicas-ready", "Up-to-date|#updated", "Available|#available", AGE);
            case "replicasets.apps" ->
                columns("Desired|.spec.replicas", "Current|.status.replicas", "Ready|.status.readyReplicas", AGE);
            case "events", "events.events.k8s.io" ->
                columns("Last Seen|#last-seen", "Type|.type", "Reason|.reason", "Object|#involved", "Message|.message");
            case "persistentvolumeclaims" ->
                columns(
                        "Status|.status.phase",
                        "Volume|.spec.volumeName",
                        "Capacity|.status.capacity.storage",
                        "Access Modes|.status.accessModes[*]",
                        "StorageClass|.spec.storageClassName",
                        AGE);
            case "services" -> columns("Type|.spec.type", "Cluster-IP|.spec.clusterIP", "Port(s)|#ports", AGE);
            case "configmaps" -> columns("Data|#data", AGE);
            case "secrets" -> columns("Type|.type", "Data|#data", AGE);
            case "namespaces" -> columns("Status|.status.phase", AGE);
            case "customresourcedefinitions.apiextensions.k8s.io" -> columns("Created At|.metadata.creationTimestamp");
            default -> columns(AGE);
        };
    }

    private static final String AGE = "Age|.metadata.creationTimestamp";

    private static List<ResourceType.Column> columns(String... columns) {
        List<ResourceType.Column> list = new ArrayList<>();
        for (String column : columns) {
            String[] parts = column.split("\\|");
            list.add(new ResourceType.Column(parts[0], column.equals(AGE) ? "date" : "string", parts[1], 0));
        }
        return list;
    }

    static String computed(JsonNode object, String what) {
        JsonNode status = object.path("status");
        return switch (what) {
            case "#pod-ready" ->
                count(status.path("containerStatuses"), "ready") + "/"
                        + Json.at(object, "spec", "containers").size();
            case "#pod-status" -> podStatus(object);
            case "#pod-restarts" -> Integer.toString(restarts(status.path("containerStatuses")));
            case "#job-status" -> jobStatus(object);
            case "#job-completions" ->
                status.path("succeeded").asInt(0) + "/"
                        + Json.at(object, "spec", "completions").asInt(1);
            case "#job-duration" -> jobDuration(status);
            case "#replicas-ready" ->
                status.path("readyReplicas").asInt(0) + "/"
                        + Json.at(object, "spec", "replicas").asInt(1);
            case "#updated" -> Integer.toString(status.path("updatedReplicas").asInt(0));
            case "#available" ->
                Integer.toString(status.path("availableReplicas").asInt(0));
            case "#last-seen" -> lastSeen(object);
            case "#involved" ->
                Json.text(object, "involvedObject", "kind").toLowerCase(java.util.Locale.ROOT) + "/"
                        + Json.text(object, "involvedObject", "name");
            case "#ports" -> ports(Json.at(object, "spec", "ports"));
            case "#data" ->
                Integer.toString(
                        object.path("data").size() + object.path("binaryData").size());
            default -> "";
        };
    }

    private static int count(JsonNode list, String flag) {
        int count = 0;
        for (JsonNode each : list) {
            count += each.path(flag).asBoolean(false) ? 1 : 0;
        }
        return count;
    }

    private static int restarts(JsonNode statuses) {
        int restarts = 0;
        for (JsonNode status : statuses) {
            restarts += status.path("restartCount").asInt(0);
        }
        return restarts;
    }

    /** The reason of a container that waits or has ended says more than the phase. */
    private static String podStatus(JsonNode pod) {
        if (Lifecycle.isDeleting(pod)) {
            return "Terminating";
        }
        for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
            for (String state : List.of("waiting", "terminated")) {
                String reason = Json.text(container, "state", state, "reason");
                if (!reason.isEmpty()) {
                    return reason;
                }
            }
        }
        String reason = Json.text(pod, "status", "reason");
        return reason.isEmpty() ? Json.text(pod, "status", "phase") : reason;
    }

    private static String jobStatus(JsonNode job) {
        for (String type : List.of("Complete", "Failed", "Suspended")) {
            for (JsonNode condition : Json.at(job, "status", "conditions")) {
                if (Json.text(condition, "type").equals(type)
                        && Json.text(condition, "status").equals("True")) {
                    return type;
                }
            }
        }
        return Lifecycle.isDeleting(job) ? "Terminating" : "Running";
    }

    private static String jobDuration(JsonNode status) {
        String start = status.path("startTime").asText("");
        if (start.isEmpty()) {
            return "";
        }
        String end = status.path("completionTime").asText("");
        Instant until = end.isEmpty() ? Instant.now() : Instant.parse(end);
        return Tables.duration(Duration.between(Instant.parse(start), until));
    }

    private static String lastSeen(JsonNode event) {
        for (String field : List.of("lastTimestamp", "eventTime")) {
            String time = event.path(field).asText("");
            if (!time.isEmpty()) {
                return Tables.age(time);
            }
        }
        return Tables.age(Json.text(event, "metadata", "creationTimestamp"));
    }

    private static String ports(JsonNode ports) {
        List<String> list = new ArrayList<>();
        for (JsonNode port : ports) {
            list.add(port.path("port").asText() + "/" + port.path("protocol").asText("TCP"));
        }
        return String.join(",", list);
    }
}
