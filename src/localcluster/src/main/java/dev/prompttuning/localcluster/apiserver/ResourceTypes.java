package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds served at present: the built-in ones and those of the CustomResourceDefinitions in the store. */
final class ResourceTypes {
    private final Map<String, ResourceType> types = new LinkedHashMap<>();

    private final BuiltinSchemas schemas = new BuiltinSchemas();

    ResourceTypes() {
        BuiltinTypes.of(schemas).forEach(this::put);
    }

    BuiltinSchemas schemas() {
        return schemas;
    }

    private void put(ResourceType type) {
        types.put(type.groupPath() + "/" + type.plural(), type);
    }

    /** @param groupPath such as {@code api/v1} or {@code apis/batch/v1} */
    Optional<ResourceType> find(String groupPath, String plural) {
        return Optional.ofNullable(types.get(groupPath + "/" + plural));
    }

    Collection<ResourceType> all() {
        return types.values();
    }

    List<ResourceType> of(String groupPath) {
        return types.values().stream()
                .filter(type -> type.groupPath().equals(groupPath))
                .toList();
    }

    /** The group paths served, the core group first. */
    List<String> groupPaths() {
        return types.values().stream().map(ResourceType::groupPath).distinct().toList();
    }

    /** Serves the versions of this CustomResourceDefinition, and no others of its kind. */
    void define(JsonNode definition) {
        forget(definition);
        List<ResourceType> served = new ArrayList<>();
        for (JsonNode version : definition.path("spec").path("versions")) {
            if (version.path("served").asBoolean()) {
                served.add(ResourceType.custom(definition, version, schemas));
            }
        }
        served.forEach(this::put);
    }

    void forget(JsonNode definition) {
        types.values().removeIf(type -> type.custom() && type.resource().equals(Json.name(definition)));
    }
}
