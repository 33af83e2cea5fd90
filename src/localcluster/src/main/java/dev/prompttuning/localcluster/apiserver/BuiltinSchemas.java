package dev.prompttuning.localcluster.apiserver;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.AnyType;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * OpenAPI schemas of the built-in kinds, read off the fields of Fabric8's model classes. What the classes do not say
 * (which lists are maps, what is atomic, static defaults) stands in the tables here.
 */
final class BuiltinSchemas {
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";
    private static final String PRESERVE = "{\"x-kubernetes-preserve-unknown-fields\":true}";

    private static final Map<String, List<String>> LIST_KEYS = Map.ofEntries(
            Map.entry("Container", List.of("name")),
            Map.entry("EphemeralContainer", List.of("name")),
            Map.entry("ContainerPort", List.of("containerPort", "protocol")),
            Map.entry("EnvVar", List.of("name")),
            Map.entry("VolumeMount", List.of("mountPath")),
            Map.entry("VolumeDevice", List.of("devicePath")),
            Map.entry("Volume", List.of("name")),
            Map.entry("ServicePort", List.of("port", "protocol")),
            Map.entry("OwnerReference", List.of("uid")),
            Map.entry("LocalObjectReference", List.of("name")),
            Map.entry("HostAlias", List.of("ip")),
            Map.entry("PodIP", List.of("ip")),
            Map.entry("TopologySpreadConstraint", List.of("topologyKey", "whenUnsatisfiable")));

    private static final Set<String> ATOMIC = Set.of(
            "LabelSelector",
            "ObjectReference",
            "OwnerReference",
            "LocalObjectReference",
            "SecretKeySelector",
            "ConfigMapKeySelector",
            "ObjectFieldSelector",
            "ResourceFieldSelector",
            "NodeSelector",
            "TypedLocalObjectReference");

    /** Class.field to default; dynamic ones are in {@link BuiltinAdmission}. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("ContainerPort.protocol", "'TCP'"),
            Map.entry("Container.terminationMessagePath", "'/dev/termination-log'"),
            Map.entry("Container.terminationMessagePolicy", "'File'"),
            Map.entry("Container.resources", "{}"),
            Map.entry("Probe.timeoutSeconds", "1"),
            Map.entry("Probe.periodSeconds", "10"),
            Map.entry("Probe.successThreshold", "1"),
            Map.entry("Probe.failureThreshold", "3"),
            Map.entry("HTTPGetAction.path", "'/'"),
            Map.entry("HTTPGetAction.scheme", "'HTTP'"),
            Map.entry("ObjectFieldSelector.apiVersion", "'v1'"),
            Map.entry("ConfigMapVolumeSource.defaultMode", "420"),
            Map.entry("SecretVolumeSource.defaultMode", "420"),
            Map.entry("ProjectedVolumeSource.defaultMode", "420"),
            Map.entry("HostPathVolumeSource.type", "''"),
            Map.entry("PodSpec.restartPolicy", "'Always'"),
            Map.entry("PodSpec.dnsPolicy", "'ClusterFirst'"),
            Map.entry("PodSpec.schedulerName", "'default-scheduler'"),
            Map.entry("PodSpec.securityContext", "{}"),
            Map.entry("PodSpec.terminationGracePeriodSeconds", "30"),
            Map.entry("ServicePort.protocol", "'TCP'"),
            Map.entry("ServiceSpec.type", "'ClusterIP'"),
            Map.entry("ServiceSpec.sessionAffinity", "'None'"),
            Map.entry("ServiceSpec.internalTrafficPolicy", "'Cluster'"),
            Map.entry("DeploymentSpec.replicas", "1"),
            Map.entry("DeploymentSpec.revisionHistoryLimit", "10"),
            Map.entry("DeploymentSpec.progressDeadlineSeconds", "600"),
            Map.entry("DeploymentSpec.strategy", "{'type':'RollingUpdate'}"),
            Map.entry("ReplicaSetSpec.replicas", "1"),
            Map.entry("JobSpec.backoffLimit", "6"),
            Map.entry("JobSpec.completionMode", "'NonIndexed'"),
            Map.entry("JobSpec.manualSelector", "false"),
            Map.entry("JobSpec.parallelism", "1"),
            Map.entry("JobSpec.podReplacementPolicy", "'TerminatingOrFailed'"),
            Map.entry("JobSpec.suspend", "false"),
            Map.entry("PersistentVolumeClaimSpec.volumeMode", "'Filesystem'"),
            Map.entry("PersistentVolumeSpec.persistentVolumeReclaimPolicy", "'Retain'"),
            Map.entry("PersistentVolumeSpec.volumeMode", "'Filesystem'"),
            Map.entry("HorizontalPodAutoscalerSpec.minReplicas", "1"),
            Map.entry("Secret.type", "'Opaque'"));

    private final Map<String, ObjectNode> components = new TreeMap<>();

    BuiltinSchemas() {
        reference(ObjectMeta.class);
    }

    Map<String, ObjectNode> components() {
        return components;
    }

    Schema of(Class<? extends HasMetadata> kind) {
        return new Schema(component(kind), components);
    }

    /** A custom resource's schema with what the server knows of {@code metadata} put in. */
    Schema custom(JsonNode openApi) {
        if (!openApi.isObject()) {
            return Schema.ANY;
        }
        ObjectNode node = openApi.deepCopy();
        ObjectNode properties = node.withObjectProperty("properties");
        properties.set("metadata", reference(ObjectMeta.class));
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        return new Schema(node, components);
    }

    private ObjectNode component(Class<?> type) {
        reference(type);
        return components.get(name(type));
    }

    private static String name(Class<?> type) {
        return type.getName().substring(MODEL.length());
    }

    private ObjectNode reference(Class<?> type) {
        String name = name(type);
        if (!components.containsKey(name)) {
            ObjectNode schema = Json.object().put("type", "object");
            components.put(name, schema); // before its fields: they may refer back to it
            if (ATOMIC.contains(type.getSimpleName())) {
                schema.put("x-kubernetes-map-type", "atomic");
            }
            ObjectNode properties = schema.putObject("properties");
            for (Field field : type.getDeclaredFields()) {
                JsonProperty property = field.getAnnotation(JsonProperty.class);
                if (property != null) {
                    properties.set(property.value(), field(type, field, property.value()));
                }
            }
        }
        return Json.object().put("$ref", Schema.COMPONENTS + name);
    }

    private JsonNode field(Class<?> owner, Field field, String name) {
        JsonNode schema = schema(field.getGenericType());
        if (name.equals("finalizers")) {
            ((ObjectNode) schema).put("x-kubernetes-list-type", "set");
        }
        String preset = DEFAULTS.get(owner.getSimpleName() + "." + name);
        if (preset == null) {
            return schema;
        }
        JsonNode value = Json.parse(preset.replace('\'', '"'));
        if (!schema.has("$ref")) {
            return ((ObjectNode) schema).set("default", value);
        }
        ObjectNode wrapped = Json.object();
        wrapped.putArray("allOf").add(schema);
        return wrapped.set("default", value);
    }

    private JsonNode schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class ? list(arguments[0]) : map(arguments[1]);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class || plain == MicroTime.class) {
            return Json.object().put("type", "string");
        }
        if (plain == Integer.class || plain == Long.class) {
            return Json.object().put("type", "integer");
        }
        if (plain == Boolean.class) {
            return Json.object().put("type", "boolean");
        }
        if (plain == Double.class) {
            return Json.object().put("type", "number");
        }
        if (plain == Quantity.class || plain == IntOrString.class) {
            return Json.object().put("x-kubernetes-int-or-string", true);
        }
        boolean described = plain.getName().startsWith(MODEL)
                && !AnyType.class.isAssignableFrom(plain)
                && plain != FieldsV1.class
                && plain != JSONSchemaProps.class
                && !plain.isInterface();
        return described ? reference(plain) : Json.parse(PRESERVE);
    }

    private JsonNode list(Type element) {
        ObjectNode list = Json.object().put("type", "array");
        list.set("items", schema(element));
        if (element instanceof Class<?> plain) {
            String name = plain.getSimpleName();
            List<String> keys = name.endsWith("Condition") ? List.of("type") : LIST_KEYS.getOrDefault(name, List.of());
            if (!keys.isEmpty()) {
                list.put("x-kubernetes-list-type", "map");
                keys.forEach(list.putArray("x-kubernetes-list-map-keys")::add);
            }
        }
        return list;
    }

    private JsonNode map(Type value) {
        ObjectNode map = Json.object().put("type", "object");
        map.set("additionalProperties", schema(value));
        return map;
    }
}
