package dev.prompttuning.api;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people read about the fields of the resources, written from their CRDs. */
final class ApiReference {
    private static final String HEAD =
            """
            # API reference

            Written from the CRDs in `crds/` by `%s`. `kubectl explain ptj.spec` tells the same of a cluster.
            A field marked * is required where the object around it is given.
            """;

    private final StringBuilder text = new StringBuilder();
    private final List<String> rules = new ArrayList<>();

    private ApiReference() {}

    static String of(String command, List<CustomResourceDefinition> definitions) {
        ApiReference reference = new ApiReference();
        reference.text.append(HEAD.formatted(command));
        definitions.forEach(reference::resource);
        return reference.text.toString();
    }

    private void resource(CustomResourceDefinition definition) {
        var names = definition.getSpec().getNames();
        CustomResourceDefinitionVersion version =
                definition.getSpec().getVersions().get(0);
        line("");
        line("## " + names.getKind());
        line("");
        line("`apiVersion: " + definition.getSpec().getGroup() + "/" + version.getName() + "`, short name `"
                + String.join("`, `", names.getShortNames()) + "`. `kubectl get` shows "
                + version.getAdditionalPrinterColumns().stream()
                        .map(column -> column.getPriority() == 0 ? column.getName() : column.getName() + " (wide)")
                        .collect(Collectors.joining(", "))
                + ".");
        var properties = version.getSchema().getOpenAPIV3Schema().getProperties();
        section("spec", properties.get("spec"));
        section("status", properties.get("status"));
    }

    private void section(String name, JSONSchemaProps schema) {
        rules.clear();
        line("");
        line("### " + name);
        line("");
        line("| field | type | meaning |");
        line("|---|---|---|");
        fields("", schema);
        if (!rules.isEmpty()) {
            line("");
            line("What is refused beside that:");
            line("");
            rules.forEach(this::line);
        }
    }

    private void fields(String path, JSONSchemaProps schema) {
        schema.getXKubernetesValidations().stream()
                .map(rule -> "- " + (path.isEmpty() ? "" : "`" + path + "`: ") + rule.getMessage())
                .distinct()
                .forEach(rules::add);
        schema.getProperties().forEach((name, property) -> {
            String field = path.isEmpty() ? name : path + "." + name;
            boolean required = schema.getRequired().contains(name);
            line("| `" + field + "`" + (required ? " *" : "") + " | " + type(property) + " | " + meaning(property)
                    + " |");
            children(field, property);
        });
    }

    /** Kubernetes' own types, which come without descriptions, are described where they belong. */
    private void children(String field, JSONSchemaProps property) {
        JSONSchemaProps object =
                property.getItems() == null ? property : property.getItems().getSchema();
        if (described(object)) {
            fields(property.getItems() == null ? field : field + "[]", object);
        }
    }

    private static boolean described(JSONSchemaProps object) {
        Map<String, JSONSchemaProps> properties = object.getProperties();
        return properties != null
                && !properties.isEmpty()
                && properties.values().stream().allMatch(property -> property.getDescription() != null);
    }

    private static String type(JSONSchemaProps property) {
        if (property.getItems() != null) {
            return "list of " + type(property.getItems().getSchema());
        }
        if (property.getAdditionalProperties() != null) {
            return "map";
        }
        if (!property.getEnum().isEmpty()) {
            return property.getEnum().stream()
                    .map(value -> "`" + value.asText() + "`")
                    .collect(Collectors.joining(", "));
        }
        return property.getType() == null ? "integer or string" : property.getType();
    }

    private static String meaning(JSONSchemaProps property) {
        String limits = Stream.of(
                        limit("at least %s", property.getMinimum()),
                        limit("at most %s", property.getMaximum()),
                        limit("at most %s characters", property.getMaxLength()),
                        limit("at least %s entries", property.getMinItems()),
                        limit("at most %s entries", property.getMaxItems()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        String description = property.getDescription() == null ? "" : property.getDescription();
        String standard = property.getDefault() == null
                ? ""
                : " Default: `" + property.getDefault().asText() + "`.";
        return (description + standard + (limits.isEmpty() ? "" : " (" + limits + ")")).replace("|", "\\|");
    }

    private static String limit(String words, Number value) {
        return value == null
                ? ""
                : words.formatted(
                        new BigDecimal(value.toString()).stripTrailingZeros().toPlainString());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
