package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.contract.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;

/** What is known of a training run. Times are RFC 3339. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptTuningJobStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") Long observedGeneration,
        @JsonPropertyDescription(
                        "Pending, Queued, Running, Suspended, Succeeded or Failed; follows from the conditions.")
                String phase,
        @JsonPropertyDescription("The method as columns show it.") String method,
        @JsonPropertyDescription("The base model as columns show it.") String baseModel,
        @JsonPropertyDescription("Accepted, Running, Suspended, Complete, Failed.") List<Condition> conditions,
        @JsonPropertyDescription("How far training is.") Progress progress,
        @JsonPropertyDescription("Progress as columns show it.") String progressText,
        @JsonPropertyDescription("Loss as columns show it.") String lossText,
        @JsonPropertyDescription("Time left as columns show it.") String eta,
        @JsonPropertyDescription("Results of the evaluation.") Map<String, Double> metrics,
        @JsonPropertyDescription("The newest checkpoint.") Checkpoint checkpoint,
        @JsonPropertyDescription("The finished adapter.") AdapterInfo adapter,
        @JsonPropertyDescription("Pods started so far.") Integer attempts,
        @JsonPropertyDescription("When the first pod started.") String startTime,
        @JsonPropertyDescription("When the run ended.") String completionTime,
        @JsonPropertyDescription("GPUs times seconds of running.") Long gpuSeconds) {

    /** A saved state of a run. */
    public record Checkpoint(
            @JsonPropertyDescription("Optimizer steps done.") Integer step,
            @JsonPropertyDescription("When it was saved.") String time) {}

    /** A finished adapter. */
    public record AdapterInfo(
            @JsonPropertyDescription("Claim of the volume it lies on.") String claimName,
            @JsonPropertyDescription("Folder inside the volume.") String path,
            @JsonPropertyDescription("Digest of the adapter's files.") String digest,
            @JsonPropertyDescription("The method.") String method,
            @JsonPropertyDescription("Length of the prompt.") Integer numVirtualTokens,
            @JsonPropertyDescription("Parameters that were learned.") Long trainableParameters,
            @JsonPropertyDescription("All parameters, base model included.") Long allParameters,
            @JsonPropertyDescription("Size of the adapter's files.") Long bytes) {}
}
