package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What {@code kubectl get} prints: rows of cells, made by the server from a kind's {@code additionalPrinterColumns}. */
final class Tables {
    private static final JsonNode NAME = Json.parse("{name: Name, type: string, format: name}");
    private static final JsonNode AGE = Json.parse("[{name: Age, type: date, jsonPath: .metadata.creationTimestamp}]");

    private Tables() {}

    /** @param object one, or a list of them @param withColumns a watch tells its columns only once */
    static ObjectNode table(ResourceType type, ObjectNode object, boolean withColumns) {
        JsonNode given = type.definition().path("additionalPrinterColumns");
        JsonNode columns = given.isEmpty() ? AGE : given;
        boolean many = Json.text(object, "kind").equals(type.kind() + "List");
        Stream<JsonNode> items = many ? object.path("items").valueStream() : Stream.of(object);
        return Json.kind("meta.k8s.io/v1", "Table", "metadata", many ? object.path("metadata") : Json.of())
                .setAll(Json.of(
                        "columnDefinitions",
                        withColumns ? definitions(columns) : List.of(),
                        "rows",
                        items.map(item -> row(item, columns)).toList()));
    }

    private static List<JsonNode> definitions(JsonNode columns) {
        Stream<JsonNode> others = columns.valueStream().map(column -> {
            String type = Json.text(column, "type");
            String shown = type.equals("date") ? "string" : type;
            int priority = column.path("priority").asInt();
            return Json.of("name", column.path("name"), "type", shown, "priority", priority);
        });
        return Stream.concat(Stream.of(NAME), others).toList();
    }

    private static ObjectNode row(JsonNode object, JsonNode columns) {
        Instant now = Instant.now();
        Stream<JsonNode> cells = columns.valueStream().map(column -> Cell.of(object, column, now));
        JsonNode metadata = object.path("metadata");
        return Json.of(
                "cells",
                Stream.concat(Stream.of(Json.at(metadata, "name")), cells).toList(),
                "object",
                Json.kind("meta.k8s.io/v1", "PartialObjectMetadata", "metadata", metadata));
    }
}
