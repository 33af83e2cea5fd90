package dev.prompttuning.operator.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why the scheduler finds no node for a pod, and what to do about it. */
public final class Unschedulable {
    /** The scheduler's second sentence tells that evicting others would not help either. */
    private static final String PREEMPTION = " preemption:";
    /** What the plugin for devices says before it, of pods that have no claims to devices too, and stops. */
    private static final String END = "[.,\\s]*(no new claims to deallocate[.,\\s]*)?$";

    private static final List<Remedy> REMEDIES = List.of(
            new Remedy("Insufficient ", "ask for less in spec.pod.resources or add a node that has it"),
            new Remedy("untolerated taint", "add the taint to spec.pod.tolerations"),
            new Remedy("node affinity/selector", "name labels that a node has in spec.pod.nodeSelector and affinity"),
            new Remedy("PersistentVolumeClaim", "see why the claim has no volume with kubectl describe pvc"));

    /** What to do when the scheduler's message has these words. */
    private record Remedy(String words, String advice) {}

    private Unschedulable() {}

    /** The scheduler's words and the remedies for what they name, when it has found no node. */
    public static Optional<String> why(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(status -> status.getConditions().stream()
                        .filter(condition -> "PodScheduled".equals(condition.getType())
                                && "Unschedulable".equals(condition.getReason()))
                        .findFirst())
                .map(PodCondition::getMessage)
                .map(Unschedulable::sentence);
    }

    private static String sentence(String message) {
        int end = message.indexOf(PREEMPTION);
        String why = (end < 0 ? message : message.substring(0, end)).replaceFirst(END, "");
        String advice = REMEDIES.stream()
                .filter(remedy ->
                        why.toLowerCase(Locale.ROOT).contains(remedy.words().toLowerCase(Locale.ROOT)))
                .map(Remedy::advice)
                .collect(Collectors.joining(", or "));
        return "No node takes the pod: " + why + ". To go on, "
                + (advice.isEmpty() ? "see kubectl describe pod" : advice) + ".";
    }
}
