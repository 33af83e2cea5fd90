package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** What is known of a server. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AdapterServeStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") Long observedGeneration,
        @JsonPropertyDescription("Address inside the cluster.") String url,
        @StatusReplicas @JsonPropertyDescription("Pods that exist.") Integer replicas,
        @JsonPropertyDescription("Pods that answer.") Integer readyReplicas,
        @LabelSelector @JsonPropertyDescription("Labels of the pods, for autoscalers.") String selector,
        @JsonPropertyDescription("Adapters loaded and wanted, as columns show them.") String adaptersText,
        @JsonPropertyDescription("Ready and wanted pods, as columns show them.") String readyText,
        @JsonPropertyDescription("Each adapter.") List<AdapterState> adapters,
        @JsonPropertyDescription("Accepted, Available, AdaptersLoaded, Progressing.") List<Condition> conditions) {

    /** How one adapter is doing. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AdapterState(
            @JsonPropertyDescription("Name that requests give as model.") String name,
            @JsonPropertyDescription("Pending, Loaded or Failed.") String state,
            @JsonPropertyDescription("Why it is not loaded.") String message,
            @JsonPropertyDescription("Digest of the loaded files.") String digest,
            @JsonPropertyDescription("Pods that have it loaded.") Integer readyPods) {}
}
