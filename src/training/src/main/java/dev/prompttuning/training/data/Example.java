package dev.prompttuning.training.data;

/**
 * A row as text.
 *
 * @param prompt what the model is given; empty for plain text
 * @param answer what it is to write
 */
public record Example(String prompt, String answer) {}
