package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds served at present: the built-in ones and those of the CustomResourceDefinitions in the store. */
final class ResourceTypes {
    private final Map<String, ResourceType> types = new LinkedHashMap<>();
    private final JsonNode metadata;

    ResourceTypes() {
        JsonNode builtins = builtins();
        metadata = builtins.path("metadata");
        builtins.path("kinds").forEach(kind -> put(kind, kind, false));
    }

    private static JsonNode builtins() {
        try (InputStream in = ResourceTypes.class.getResourceAsStream("builtins.yaml")) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(JsonNode spec, JsonNode version, boolean custom) {
        JsonNode given = Json.at(version, "schema", "openAPIV3Schema");
        ObjectNode schema = given instanceof ObjectNode object ? object.deepCopy() : Json.of();
        ObjectNode properties = schema.put("type", "object").withObjectProperty("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.set("metadata", metadata);
        ResourceType type = new ResourceType(spec, version, custom, new Schema(schema));
        types.put(type.groupPath() + "/" + type.plural(), type);
    }

    /** @param groupPath such as {@code api/v1} or {@code apis/batch/v1} */
    Optional<ResourceType> find(String groupPath, String plural) {
        return Optional.ofNullable(types.get(groupPath + "/" + plural));
    }

    Collection<ResourceType> all() {
        return types.values();
    }

    /** @throws StatusException 404 when nothing is served there */
    List<ResourceType> of(String groupPath) {
        List<ResourceType> served = types.values().stream()
                .filter(type -> type.groupPath().equals(groupPath))
                .toList();
        if (served.isEmpty()) {
            throw StatusException.noSuchPath("/" + groupPath);
        }
        return served;
    }

    /** The group paths served, the core group first. */
    List<String> groupPaths() {
        return types.values().stream().map(ResourceType::groupPath).distinct().toList();
    }

    /** Serves what the CustomResourceDefinitions in the store define. */
    void follow(Store.Change change) {
        if (change.key().resource().equals(Deletion.DEFINITIONS)) {
            types.values().removeIf(type -> type.resource().equals(change.key().name()));
            for (JsonNode version : Json.at(change.object(), "spec", "versions")) {
                if (version.path("served").asBoolean() && !change.deleted()) {
                    put(change.object().path("spec"), version, true);
                }
            }
        }
    }
}
