package dev.prompttuning.api.serving;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.prompttuning.api.model.ClaimSource;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** One adapter and where it lies. */
@ValidationRule(
        value = "has(self.job) != has(self.persistentVolumeClaim)",
        message = "exactly one of job and persistentVolumeClaim must be set")
public record Adapter(
        @Required
                @Pattern("^[A-Za-z0-9][-A-Za-z0-9._]{0,62}$")
                @JsonPropertyDescription("Name that requests give as model.")
                String name,
        @JsonPropertyDescription("The job that makes the adapter.") JobRef job,
        @JsonPropertyDescription("The adapter's folder on a volume.") ClaimSource persistentVolumeClaim,
        @Min(0) @Max(100) @JsonPropertyDescription("Share of the requests among adapters of one name, for canaries.")
                Integer weight) {}
