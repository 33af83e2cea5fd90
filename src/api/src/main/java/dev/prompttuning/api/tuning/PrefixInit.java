package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How the keys and values of prefix tuning start. */
@ValidationRule(
        value = "(self.type == 'Text') == has(self.text)",
        message = "text belongs to type Text: set both or neither")
public record PrefixInit(
        @Required @JsonPropertyDescription("Random, Zero or Text.") PrefixInitType type,
        @Size(max = 65536) @JsonPropertyDescription("The text whose keys and values are the start, for type Text.")
                String text) {}
