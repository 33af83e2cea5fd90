package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** How a row becomes a prompt and an answer; {name} stands for a column. */
public record Template(
        @Required
                @Size(min = 1, max = 65536)
                @JsonPropertyDescription("What the model is given, for example \"{instruction}\\n{input}\\nAnswer:\".")
                String prompt,
        @Size(max = 65536)
                @JsonPropertyDescription("The same for rows whose input is empty or absent. Default: prompt.")
                String promptWithoutInput,
        @Size(min = 1, max = 65536)
                @JsonPropertyDescription(
                        "What the model learns to say, the end token is added. Default: the answer column of the format, for example \"{output}\".")
                String answer) {}
