package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.BaseModel;
import dev.prompttuning.api.pod.PodSettings;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/** What a user asks of a server. */
public record AdapterServeSpec(
        @Required @JsonPropertyDescription("The model that all adapters were made for.") BaseModel baseModel,
        @Size(max = 1000) @JsonPropertyDescription("The adapters; they come and go without a restart.")
                List<Adapter> adapters,
        @JsonPropertyDescription("Further adapters: of every complete PromptTuningJob with these labels.")
                AdapterSelector adapterSelector,
        @SpecReplicas @Min(0) @Default("1") @JsonPropertyDescription("Number of pods.") Integer replicas,
        @JsonPropertyDescription("How the number of pods follows the load.") Autoscaling autoscaling,
        @JsonPropertyDescription("Limits of the batching engine of one pod.") Engine engine,
        @JsonPropertyDescription("Who may ask. Default: everyone who reaches the service.") Auth auth,
        @JsonPropertyDescription("How the service is reached from outside the cluster. Default: not at all.")
                Expose expose,
        @JsonPropertyDescription("Where the pods run and what they get.") PodSettings pod) {}
