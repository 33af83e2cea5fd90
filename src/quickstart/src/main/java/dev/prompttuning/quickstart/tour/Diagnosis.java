package dev.prompttuning.quickstart.tour;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What there is to see when a step failed: conditions, pods, and the ends of their logs. */
record Diagnosis(KubernetesClient client, Screen screen) {
    private static final int LOG_LINES = 40;

    void conditions(String resource, List<Condition> conditions) {
        screen.line(resource);
        conditions.forEach(condition -> screen.line("    " + condition.getType() + "=" + condition.getStatus() + " "
                + condition.getReason() + ": " + condition.getMessage()));
    }

    /** Of several pods of one owner the newest is enough. */
    void pods() {
        Map<String, Pod> newest = new LinkedHashMap<>();
        client.pods().inAnyNamespace().list().getItems().stream()
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                .forEach(pod -> newest.put(owner(pod), pod));
        for (Pod pod : newest.values()) {
            String phase = pod.getStatus() == null ? "Pending" : pod.getStatus().getPhase();
            screen.blank();
            screen.line("Pod " + pod.getMetadata().getNamespace() + "/"
                    + pod.getMetadata().getName() + " is " + phase + "; the end of its log:");
            log(pod).lines().forEach(line -> screen.line("    " + line));
        }
    }

    private static String owner(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .map(owner -> owner.getKind() + " " + owner.getName())
                .findFirst()
                .orElse(pod.getMetadata().getName());
    }

    private String log(Pod pod) {
        try {
            return client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .tailingLines(LOG_LINES)
                    .getLog();
        } catch (KubernetesClientException e) {
            return "(it has none)";
        }
    }
}
