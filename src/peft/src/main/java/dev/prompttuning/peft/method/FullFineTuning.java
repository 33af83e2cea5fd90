package dev.prompttuning.peft.method;

/** Trains every weight of the model. */
public record FullFineTuning(Parameters parameters) implements Tuning {}
