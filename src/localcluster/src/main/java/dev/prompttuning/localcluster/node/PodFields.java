package dev.prompttuning.localcluster.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The downward API: fields of a pod by their path. */
final class PodFields {

    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private PodFields() {}

    static String value(Pod pod, String path) {
        var metadata = pod.getMetadata();
        var subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            var map = subscript.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
            return map == null ? "" : map.getOrDefault(subscript.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> metadata.getName();
            case "metadata.namespace" -> metadata.getNamespace();
            case "metadata.uid" -> metadata.getUid();
            case "metadata.labels" -> lines(metadata.getLabels());
            case "metadata.annotations" -> lines(metadata.getAnnotations());
            case "spec.nodeName" -> LocalNode.NAME;
            case "spec.serviceAccountName" ->
                pod.getSpec().getServiceAccountName() == null
                        ? "default"
                        : pod.getSpec().getServiceAccountName();
            case "status.podIP", "status.hostIP", "status.podIPs", "status.hostIPs" -> LocalNode.ADDRESS;
            default -> throw new MountException("fieldRef \"" + path + "\" is not a field a pod can be told");
        };
    }

    private static String lines(Map<String, String> map) {
        return map == null
                ? ""
                : map.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getKey() + "=\"" + entry.getValue() + "\"")
                        .collect(Collectors.joining("\n"));
    }
}
