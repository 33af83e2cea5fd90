package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How the virtual tokens of prompt tuning start. */
@ValidationRule(
        value = "(self.type == 'Text') == has(self.text)",
        message = "text belongs to type Text: set both or neither")
public record PromptInit(
        @Required @JsonPropertyDescription("Random, SampleVocab or Text.") PromptInitType type,
        @Size(max = 65536) @JsonPropertyDescription("The text to start from, for type Text.") String text) {}
