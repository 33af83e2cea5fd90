package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;

/** What is learned: one prompt method, or LoRA, or a prompt method and LoRA together. */
@ValidationRule(
        value = "[has(self.promptTuning), has(self.pTuning), has(self.prefixTuning), has(self.multitaskPromptTuning),"
                + " has(self.fullFineTuning)].filter(x, x).size() <= 1",
        message =
                "at most one of promptTuning, pTuning, prefixTuning, multitaskPromptTuning and fullFineTuning may be set")
@ValidationRule(
        value = "has(self.promptTuning) || has(self.pTuning) || has(self.prefixTuning)"
                + " || has(self.multitaskPromptTuning) || has(self.fullFineTuning) || has(self.lora)",
        message =
                "one of promptTuning, pTuning, prefixTuning, multitaskPromptTuning, fullFineTuning and lora must be set")
@ValidationRule(
        value = "!(has(self.fullFineTuning) && has(self.lora))",
        message = "lora adds to frozen weights, so it cannot stand beside fullFineTuning")
@ValidationRule(
        value = "!(has(self.lora) && (has(self.multitaskPromptTuning)"
                + " || has(self.promptPerTask) && self.promptPerTask))",
        message = "lora stands beside one prompt, so neither beside multitaskPromptTuning nor beside promptPerTask")
@ValidationRule(
        value = "!(has(self.promptPerTask) && self.promptPerTask)"
                + " || has(self.promptTuning) || has(self.pTuning) || has(self.prefixTuning)",
        message = "promptPerTask needs one of promptTuning, pTuning and prefixTuning")
public record Method(
        @JsonPropertyDescription("Learn embeddings that stand before the text.") PromptTuning promptTuning,
        @com.fasterxml.jackson.annotation.JsonProperty("pTuning")
                @JsonPropertyDescription("Learn a small network that makes the embeddings before the text.")
                PTuning pTuning,
        @JsonPropertyDescription("Learn keys and values before the text in every layer.") PrefixTuning prefixTuning,
        @JsonPropertyDescription("Learn embeddings before the text of several tasks, which dataset.tasks names.")
                MultitaskPromptTuning multitaskPromptTuning,
        @JsonPropertyDescription(
                        "Learn a prompt of its own for each task that dataset.tasks names. Default: one for all rows.")
                Boolean promptPerTask,
        @JsonPropertyDescription("Learn every weight of the base model.") FullFineTuning fullFineTuning,
        @JsonPropertyDescription("Learn low-rank additions to the linear layers.") Lora lora) {

    /** The method's name as columns and metrics show it. */
    public String label() {
        String name = nameWithoutLora();
        if (Boolean.TRUE.equals(promptPerTask)) {
            name += "PerTask";
        }
        if (lora == null) {
            return name.isEmpty() ? "None" : name;
        }
        return name.isEmpty() ? "LoRA" : name + "+LoRA";
    }

    private String nameWithoutLora() {
        if (promptTuning != null) {
            return "PromptTuning";
        }
        if (pTuning != null) {
            return "PTuning";
        }
        if (prefixTuning != null) {
            return "PrefixTuning";
        }
        if (multitaskPromptTuning != null) {
            return "MultitaskPromptTuning";
        }
        return fullFineTuning != null ? "FullFineTuning" : "";
    }

    /** Whether rows of different tasks get different prompts. */
    public boolean knowsTasks() {
        return multitaskPromptTuning != null || Boolean.TRUE.equals(promptPerTask);
    }
}
