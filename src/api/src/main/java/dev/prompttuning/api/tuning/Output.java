package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.ClaimSource;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/** Where the adapter goes. */
public record Output(
        @Required @JsonPropertyDescription("The volume, and the folder on it below which the adapter's folder is made.")
                ClaimSource persistentVolumeClaim,
        @Pattern("^[A-Za-z0-9][-A-Za-z0-9._]{0,62}$")
                @JsonPropertyDescription("Name of the adapter and of its folder. Default: the job's name.")
                String adapterName) {}
