package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** Prefix tuning of Li and Liang (2021): keys and values before the text in every layer. */
@ValidationRule(
        value = "!(has(self.projection) && has(self.init))",
        message = "projection and init exclude each other: a projected prefix starts from its network's random weights")
public record PrefixTuning(
        @Required @Min(1) @Max(4096) @JsonPropertyDescription("Length of the prompt in virtual tokens.")
                Integer numVirtualTokens,
        @JsonPropertyDescription(
                        "Makes the keys and values by a network, which is dropped after training. Default: they are learned directly.")
                PrefixProjection projection,
        @JsonPropertyDescription(
                        "How the keys and values start. Default: Random. Text starts best. Not together with projection.")
                PrefixInit init) {}
