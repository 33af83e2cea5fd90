package dev.prompttuning.api.tuning;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** The tasks that a data set's rows are of, for methods with a prompt for each task. */
public record Tasks(
        @Default("task") @JsonPropertyDescription("The column that names a row's task.") String column,
        @Required
                @Size(min = 2, max = 256)
                @JsonPropertyDescription(
                        "The tasks' names, of small letters, digits and hyphens; a row of another is left out.")
                List<String> names) {}
