package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pod's container runs, with which environment.
 *
 * @param paths for arguments and values that are paths of mounts
 */
record ContainerCommand(Pod pod, ImageSpec image, MountPaths paths, KubernetesClient client) {

    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TMPDIR");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_.-][A-Za-z0-9_.-]*)\\)");

    /**
     * The process to start, with nothing to read.
     *
     * @throws ContainerConfigException when a Secret or its key is missing
     */
    ProcessBuilder process() {
        var variables = variables();
        var process = new ProcessBuilder(words(variables))
                .directory(paths.root().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        process.environment().clear();
        process.environment().putAll(variables);
        return process;
    }

    private Map<String, String> variables() {
        var result = new LinkedHashMap<>(System.getenv());
        result.keySet().retainAll(INHERITED);
        result.putAll(image.env());
        result.put("HOSTNAME", pod.getMetadata().getName());
        result.put("POD_ROOT", paths.root().toString());
        var container = pod.getSpec().getContainers().get(0);
        for (var port : container.getPorts()) {
            var number = port.getContainerPort();
            result.put("PORT_" + number, String.valueOf(LocalPorts.local(pod, number)));
        }
        for (var variable : container.getEnv()) {
            result.put(variable.getName(), paths.rewrite(value(variable, result)));
        }
        return result;
    }

    private String value(EnvVar variable, Map<String, String> sofar) {
        var source = variable.getValueFrom();
        if (source == null) {
            return variable.getValue() == null ? "" : expand(variable.getValue(), sofar);
        }
        return secret(source.getSecretKeyRef());
    }

    private String secret(SecretKeySelector selector) {
        var secret = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(selector.getName())
                .get();
        if (secret == null || !secret.getData().containsKey(selector.getKey())) {
            throw new ContainerConfigException(
                    "secret \"" + selector.getName() + "\" with key \"" + selector.getKey() + "\" not found");
        }
        var bytes = Base64.getDecoder().decode(secret.getData().get(selector.getKey()));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Command and arguments with {@code $(VARIABLE)} replaced and mount paths rewritten. */
    private List<String> words(Map<String, String> variables) {
        var container = pod.getSpec().getContainers().get(0);
        var words = new ArrayList<>(container.getCommand());
        words.addAll(container.getArgs());
        words.replaceAll(word -> paths.rewrite(expand(word, variables)));
        if (container.getCommand().isEmpty()) {
            words.addAll(0, image.entrypoint());
        }
        return words;
    }

    /** {@code $(NAME)} becomes the variable's value, {@code $$} a dollar; unknown names stay as they are. */
    static String expand(String text, Map<String, String> variables) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            var value = match.group(1) == null ? "$" : variables.getOrDefault(match.group(1), match.group());
            return Matcher.quoteReplacement(value);
        });
    }
}
