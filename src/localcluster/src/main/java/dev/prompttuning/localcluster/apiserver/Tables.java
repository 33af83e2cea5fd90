package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} prints: rows of cells, made by the server. */
final class Tables {
    /** @param object one, or a list of them @param withColumns a watch tells its columns only once */
    ObjectNode table(ResourceType type, ObjectNode object, boolean withColumns) {
        List<ResourceType.Column> columns = type.custom() ? type.columns() : BuiltinColumns.of(type.resource());
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        ObjectNode metadata = table.putObject("metadata");
        for (String field : List.of("resourceVersion", "continue")) {
            Json.set(metadata, field, Json.at(object, "metadata", field));
        }
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (withColumns) {
            column(definitions, "Name", "string", 0).put("format", "name");
            for (ResourceType.Column column : columns) {
                column(
                        definitions,
                        column.name(),
                        column.type().equals("date") ? "string" : column.type(),
                        column.priority());
            }
        }
        ArrayNode rows = table.putArray("rows");
        JsonNode items =
                object.path("items").isArray() && Json.text(object, "kind").endsWith("List")
                        ? object.path("items")
                        : Json.MAPPER.createArrayNode().add(object);
        for (JsonNode item : items) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells").add(Json.name(item));
            columns.forEach(column -> cells.add(cell(item, column)));
            ObjectNode partial =
                    row.putObject("object").put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
            partial.set("metadata", item.path("metadata"));
        }
        return table;
    }

    private static ObjectNode column(ArrayNode definitions, String name, String type, int priority) {
        return definitions
                .addObject()
                .put("name", name)
                .put("type", type)
                .put("format", "")
                .put("description", "")
                .put("priority", priority);
    }

    private static JsonNode cell(JsonNode object, ResourceType.Column column) {
        if (column.jsonPath().startsWith("#")) {
            return Json.MAPPER.getNodeFactory().textNode(BuiltinColumns.computed(object, column.jsonPath()));
        }
        List<JsonNode> found = JsonPaths.find(object, column.jsonPath());
        if (found.isEmpty()) {
            return Json.MAPPER.nullNode();
        }
        if (column.type().equals("date")) {
            return Json.MAPPER.getNodeFactory().textNode(age(found.get(0).asText()));
        }
        if (found.size() == 1 && found.get(0).isNumber() && !column.type().equals("string")) {
            return found.get(0);
        }
        String text = found.stream()
                .map(node -> node.isContainerNode() ? node.toString() : node.asText())
                .collect(Collectors.joining(","));
        return Json.MAPPER.getNodeFactory().textNode(text);
    }

    static String age(String time) {
        try {
            return duration(Duration.between(Instant.parse(time), Instant.now()));
        } catch (java.time.DateTimeException e) {
            return "<unknown>";
        }
    }

    /** As kubectl writes it: two units where the larger is small. */
    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.getSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        }
        if (hours < 3) {
            return minutes + "m";
        }
        if (hours < 8) {
            return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        return days < 8 && hours % 24 != 0 ? days + "d" + hours % 24 + "h" : days + "d";
    }
}
