package dev.prompttuning.quickstart.text;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One row of a data set, in the format PromptCompletion.
 *
 * @param prompt what is given
 * @param completion what follows and is learned
 */
@JsonPropertyOrder({"prompt", "completion"})
public record Example(String prompt, String completion) {}
