package dev.prompttuning.serving.openai;

/** One whole answer. */
public record Choice(int index, String text, FinishReason finishReason) {}
