package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;

/** How the run is started, repeated and cleared away. */
public record RunPolicy(
        @Default("false")
                @JsonPropertyDescription(
                        "Whether training waits. Setting it while training runs stops the pod; the run goes on from its checkpoint later.")
                Boolean suspend,
        @Min(0)
                @Max(100)
                @Default("3")
                @JsonPropertyDescription(
                        "Failures after which the job is given up. Mistakes of the user are never repeated.")
                Integer backoffLimit,
        @Min(1) @JsonPropertyDescription("Seconds after which a running job is stopped and failed. Default: never.")
                Long activeDeadlineSeconds,
        @Min(0)
                @JsonPropertyDescription(
                        "Seconds after its end when the resource is deleted, the adapter stays. Default: never.")
                Long ttlSecondsAfterFinished,
        @Pattern("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")
                @JsonPropertyDescription("Kueue LocalQueue that decides when the job may start.")
                String queueName) {}
