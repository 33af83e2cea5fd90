package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/** What is learned: one prompt method, or LoRA, or a prompt method and LoRA together. */
@ValidationRule(
        value = "[has(self.promptTuning), has(self.pTuning), has(self.prefixTuning), has(self.fullFineTuning)]"
                + ".filter(x, x).size() <= 1",
        message = "at most one of promptTuning, pTuning, prefixTuning and fullFineTuning may be set")
@ValidationRule(
        value = "has(self.promptTuning) || has(self.pTuning) || has(self.prefixTuning) || has(self.fullFineTuning)"
                + " || has(self.lora)",
        message = "one of promptTuning, pTuning, prefixTuning, fullFineTuning and lora must be set")
@ValidationRule(
        value = "!(has(self.fullFineTuning) && has(self.lora))",
        message = "lora adds to frozen weights, so it cannot stand beside fullFineTuning")
public record Method(
        @JsonPropertyDescription("Learn embeddings that stand before the text.") PromptTuning promptTuning,
        @com.fasterxml.jackson.annotation.JsonProperty("pTuning")
                @JsonPropertyDescription("Learn a small network that makes the embeddings before the text.")
                PTuning pTuning,
        @JsonPropertyDescription("Learn keys and values before the text in every layer.") PrefixTuning prefixTuning,
        @JsonPropertyDescription("Learn every weight of the base model.") FullFineTuning fullFineTuning,
        @JsonPropertyDescription("Learn low-rank additions to the linear layers.") Lora lora) {

    /** The method's name as columns and metrics show it. */
    public String label() {
        String prompt = promptTuning != null
                ? "PromptTuning"
                : pTuning != null
                        ? "PTuning"
                        : prefixTuning != null ? "PrefixTuning" : fullFineTuning != null ? "FullFineTuning" : null;
        if (lora == null) {
            return prompt == null ? "None" : prompt;
        }
        return prompt == null ? "LoRA" : prompt + "+LoRA";
    }
}
