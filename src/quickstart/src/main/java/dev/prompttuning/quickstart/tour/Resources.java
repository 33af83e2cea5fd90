package dev.prompttuning.quickstart.tour;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Resources as YAML files have them, field by field. */
record Resources(List<GenericKubernetesResource> list) {
    private static final ObjectMapper YAML = new YAMLMapper();

    static Resources of(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** A file of this package with {@code ${NAME}} replaced by texts. */
    static Resources of(String resource, Map<String, String> values) throws IOException {
        try (InputStream in = Resources.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (var value : values.entrySet()) {
                // A JSON string is a YAML string, whatever characters a folder's name has.
                String quoted = new ObjectMapper().writeValueAsString(value.getValue());
                text = text.replace("${" + value.getKey() + "}", quoted);
            }
            return parse(text);
        }
    }

    private static Resources parse(String text) throws IOException {
        try (var documents =
                YAML.readerFor(GenericKubernetesResource.class).<GenericKubernetesResource>readValues(text)) {
            return new Resources(documents.readAll());
        }
    }

    /** As {@code kubectl apply --server-side} does. */
    void apply(KubernetesClient client) {
        for (GenericKubernetesResource resource : list) {
            client.resource(resource)
                    .fieldManager("quickstart")
                    .forceConflicts()
                    .serverSideApply();
        }
    }

    /** The name of the only resource of this kind. */
    String name(String kind) {
        return list.stream()
                .filter(resource -> resource.getKind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new StepFailedException("The example holds no " + kind + "; check it out again."))
                .getMetadata()
                .getName();
    }
}
