package dev.prompttuning.api.tuning;

/** Every weight of the base model is learned. */
public record FullFineTuning() {}
