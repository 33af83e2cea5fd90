package dev.prompttuning.api.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.prompttuning.api.pod.PodSettings;
import dev.prompttuning.api.serving.AdapterServeSpec;
import dev.prompttuning.api.tuning.PromptTuningJobSpec;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads YAML manifests of several documents, with neither a cluster nor a Kubernetes client on the class path. */
public final class Manifests {
    private static final String API_VERSION = "prompttuning.dev/v1alpha1";

    private final ObjectMapper yaml;

    public Manifests() {
        yaml = YAMLMapper.builder()
                .annotationIntrospector(new OverClusterParts())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .build();
    }

    /** @throws InvalidManifestException with one sentence, when the file is missing or wrong */
    public List<Manifest> read(Path file) throws IOException {
        try {
            return read(Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new InvalidManifestException(file + " does not exist: name a YAML file with a manifest.");
        }
    }

    /** @param source what errors call the text, for example its file */
    public List<Manifest> read(String text, String source) {
        List<Manifest> manifests = new ArrayList<>();
        for (JsonNode document : documents(text, source)) {
            if (!document.isObject()) {
                throw new InvalidManifestException(source + ": a document is not a mapping with kind and metadata.");
            }
            manifests.add(manifest((ObjectNode) document, source));
        }
        return List.copyOf(manifests);
    }

    private List<JsonNode> documents(String text, String source) {
        try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return documents.readAll().stream()
                    .filter(document -> !document.isNull() && !document.isMissingNode())
                    .toList();
        } catch (IOException e) {
            throw new InvalidManifestException(source + " is not YAML: " + firstLine(e) + ".");
        }
    }

    private Manifest manifest(ObjectNode document, String source) {
        String kind = document.path("kind").asText("");
        String name = document.path("metadata").path("name").asText("");
        if (kind.isEmpty() || name.isEmpty()) {
            throw new InvalidManifestException(source + ": a document lacks kind or metadata.name: set both.");
        }
        String where = source + ": " + kind + " " + name;
        return switch (kind) {
            case "PromptTuningJob" -> new Manifest.Job(name, spec(document, PromptTuningJobSpec.class, where));
            case "AdapterServe" -> new Manifest.Serve(name, spec(document, AdapterServeSpec.class, where));
            case "ConfigMap" -> new Manifest.ConfigMap(name, data(document));
            default -> new Manifest.Other(name, kind);
        };
    }

    private <T> T spec(ObjectNode document, Class<T> type, String where) {
        String version = document.path("apiVersion").asText("");
        if (!version.equals(API_VERSION)) {
            throw new InvalidManifestException(where + ": apiVersion is " + (version.isEmpty() ? "missing" : version)
                    + ": set " + API_VERSION + ".");
        }
        if (!document.path("spec").isObject()) {
            throw new InvalidManifestException(where + ": spec is missing: say what is wanted.");
        }
        try {
            return yaml.treeToValue(document.get("spec"), type);
        } catch (JsonProcessingException e) {
            throw new InvalidManifestException(where + ": " + sentence(e));
        }
    }

    private static Map<String, String> data(ObjectNode document) {
        Map<String, String> data = new LinkedHashMap<>();
        document.path("data")
                .properties()
                .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
        return data;
    }

    private static String sentence(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(Object::toString)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return field(unknown) + " is not a known field: use one of " + known + ".";
        }
        if (e instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
            return field(format) + " is " + format.getValue() + ": use one of " + names(format.getTargetType()) + ".";
        }
        if (e instanceof InvalidFormatException format) {
            String type = format.getTargetType().getSimpleName().toLowerCase(Locale.ROOT);
            return field(format) + " is \"" + format.getValue() + "\", which is not of type " + type + ": correct it.";
        }
        if (e instanceof JsonMappingException mapping) {
            return field(mapping) + " has the wrong shape: " + firstLine(e) + ".";
        }
        return firstLine(e) + ".";
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(Field::isEnumConstant)
                .map(constant -> constant.getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .collect(Collectors.joining(", "));
    }

    private static String field(JsonMappingException e) {
        StringBuilder path = new StringBuilder("spec");
        for (JsonMappingException.Reference part : e.getPath()) {
            path.append(part.getFieldName() == null ? "[" + part.getIndex() + "]" : "." + part.getFieldName());
        }
        return path.toString();
    }

    private static String firstLine(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return message.lines().findFirst().orElse("").replaceAll("[.]$", "");
    }

    /** Never looks into a type of the Kubernetes client or one made of them: they may not be on the class path. */
    private static final class OverClusterParts extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Object findDeserializer(Annotated annotated) {
            Class<?> type = annotated.getRawType();
            boolean inCluster = type == PodSettings.class || type.getName().startsWith("io.fabric8.kubernetes.");
            return inCluster ? Skip.class : super.findDeserializer(annotated);
        }
    }

    private static final class Skip extends JsonDeserializer<Object> {
        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            parser.skipChildren();
            return null;
        }
    }
}
