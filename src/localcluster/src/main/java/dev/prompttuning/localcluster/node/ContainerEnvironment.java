package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment and the command line of a container's process. */
final class ContainerEnvironment {

    static final String POD_ROOT = "POD_ROOT";
    static final String PORT_PREFIX = "PORT_";
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TMPDIR");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_.-][A-Za-z0-9_.-]*)\\)");

    private final KubernetesClient client;

    ContainerEnvironment(KubernetesClient client) {
        this.client = client;
    }

    /**
     * All variables of the process.
     *
     * @throws MountException when a referenced ConfigMap, Secret or key is missing
     */
    Map<String, String> variables(Pod pod, Container container, ImageSpec image, MountPaths paths) {
        var result = new LinkedHashMap<String, String>();
        for (var name : INHERITED) {
            var value = System.getenv(name);
            if (value != null) {
                result.put(name, value);
            }
        }
        result.putAll(image.env());
        result.put("HOSTNAME", pod.getMetadata().getName());
        result.put(POD_ROOT, paths.root().toString());
        for (var port : container.getPorts()) {
            var local = LocalPorts.local(pod, port.getContainerPort());
            result.put(PORT_PREFIX + port.getContainerPort(), String.valueOf(local));
        }
        for (var source : container.getEnvFrom()) {
            var prefix = source.getPrefix() == null ? "" : source.getPrefix();
            if (source.getConfigMapRef() != null) {
                var reference = source.getConfigMapRef();
                configMap(pod, reference.getName(), reference.getOptional())
                        .forEach((key, value) -> result.put(prefix + key, text(value)));
            } else if (source.getSecretRef() != null) {
                var reference = source.getSecretRef();
                secret(pod, reference.getName(), reference.getOptional())
                        .forEach((key, value) -> result.put(prefix + key, text(value)));
            }
        }
        for (var variable : container.getEnv()) {
            var value = value(pod, container, variable, result);
            if (value != null) {
                result.put(variable.getName(), paths.rewrite(value));
            }
        }
        return result;
    }

    /** Command and arguments with {@code $(VARIABLE)} replaced and mount paths rewritten. */
    static List<String> command(Container container, ImageSpec image, Map<String, String> variables, MountPaths paths) {
        var result = new ArrayList<String>();
        if (container.getCommand() == null || container.getCommand().isEmpty()) {
            result.addAll(image.entrypoint());
        } else {
            container.getCommand().forEach(word -> result.add(paths.rewrite(expand(word, variables))));
        }
        container.getArgs().forEach(word -> result.add(paths.rewrite(expand(word, variables))));
        return result;
    }

    /** {@code $(NAME)} becomes the variable's value, {@code $$} a dollar; unknown names stay as they are. */
    static String expand(String text, Map<String, String> variables) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            if (match.group(1) == null) {
                return Matcher.quoteReplacement("$");
            }
            return Matcher.quoteReplacement(variables.getOrDefault(match.group(1), match.group()));
        });
    }

    private String value(Pod pod, Container container, EnvVar variable, Map<String, String> sofar) {
        if (variable.getValueFrom() == null) {
            return variable.getValue() == null ? "" : expand(variable.getValue(), sofar);
        }
        return value(pod, container, variable.getValueFrom());
    }

    private String value(Pod pod, Container container, EnvVarSource source) {
        if (source.getConfigMapKeyRef() != null) {
            var key = source.getConfigMapKeyRef();
            var data = configMap(pod, key.getName(), key.getOptional());
            return pick(data, key.getKey(), key.getOptional(), "configmap \"" + key.getName() + "\"");
        }
        if (source.getSecretKeyRef() != null) {
            var key = source.getSecretKeyRef();
            var data = secret(pod, key.getName(), key.getOptional());
            return pick(data, key.getKey(), key.getOptional(), "secret \"" + key.getName() + "\"");
        }
        if (source.getFieldRef() != null) {
            return PodFields.value(pod, source.getFieldRef().getFieldPath());
        }
        if (source.getResourceFieldRef() != null) {
            return resource(container, source.getResourceFieldRef().getResource());
        }
        throw new MountException("an environment variable of container \"" + container.getName()
                + "\" has a source the local cluster does not know");
    }

    private static String resource(Container container, String path) {
        var parts = path.split("\\.", 2);
        var resources = container.getResources();
        var amounts =
                resources == null ? null : parts[0].equals("limits") ? resources.getLimits() : resources.getRequests();
        var amount = amounts == null || parts.length < 2 ? null : amounts.get(parts[1]);
        if (amount == null) {
            return "0";
        }
        return Quantity.getAmountInBytes(amount)
                .setScale(0, RoundingMode.CEILING)
                .toPlainString();
    }

    private Map<String, byte[]> configMap(Pod pod, String name, Boolean optional) {
        var found = client.configMaps()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (found == null) {
            return absent("configmap \"" + name + "\" not found", optional);
        }
        return VolumeFiles.contents(found);
    }

    private Map<String, byte[]> secret(Pod pod, String name, Boolean optional) {
        var found = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (found == null) {
            return absent("secret \"" + name + "\" not found", optional);
        }
        return VolumeFiles.contents(found);
    }

    private static Map<String, byte[]> absent(String message, Boolean optional) {
        if (Boolean.TRUE.equals(optional)) {
            return Map.of();
        }
        throw new MountException(message);
    }

    private static String pick(Map<String, byte[]> data, String key, Boolean optional, String source) {
        var value = data.get(key);
        if (value != null) {
            return text(value);
        }
        if (Boolean.TRUE.equals(optional)) {
            return null;
        }
        throw new MountException(source + " has no key \"" + key + "\"");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
