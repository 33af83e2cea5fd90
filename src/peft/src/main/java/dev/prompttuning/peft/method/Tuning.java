package dev.prompttuning.peft.method;

/** A method: what is trained, and how. */
public sealed interface Tuning permits SoftPrompt, FullFineTuning {

    Parameters parameters();
}
