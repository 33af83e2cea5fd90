package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * A kind in one version.
 *
 * @param spec of its CustomResourceDefinition
 * @param definition of this version
 * @param custom whether it has a CustomResourceDefinition, or is built in and only told like one
 */
record ResourceType(JsonNode spec, JsonNode definition, boolean custom, Schema schema) {

    String group() {
        return Json.text(spec, "group");
    }

    String version() {
        return Json.text(definition, "name");
    }

    JsonNode names() {
        return spec.path("names");
    }

    String kind() {
        return Json.text(names(), "kind");
    }

    String plural() {
        return Json.text(names(), "plural");
    }

    String singular() {
        return names().path("singular").asText(kind().toLowerCase(Locale.ROOT));
    }

    boolean namespaced() {
        return Json.text(spec, "scope").equals("Namespaced");
    }

    boolean hasStatus() {
        return Json.at(definition, "subresources").has("status");
    }

    /** The paths of its scale subresource; missing when it has none. */
    JsonNode scale() {
        return Json.at(definition, "subresources", "scale");
    }

    /** {@code plural.group}: how messages name it, and where the store keeps its objects, whatever the version. */
    String resource() {
        return group().isEmpty() ? plural() : plural() + "." + group();
    }

    String apiVersion() {
        return group().isEmpty() ? version() : group() + "/" + version();
    }

    /** The path of its group and version, {@code api/v1} or {@code apis/batch/v1}. */
    String groupPath() {
        return group().isEmpty() ? "api/" + version() : "apis/" + apiVersion();
    }

    /** Field order as clients expect to read it. */
    ObjectNode named(ObjectNode object) {
        ObjectNode named = Json.kind(apiVersion(), kind()).setAll(object);
        return named.put("apiVersion", apiVersion()).put("kind", kind());
    }
}
