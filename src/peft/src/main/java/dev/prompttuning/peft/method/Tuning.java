package dev.prompttuning.peft.method;

import java.util.Optional;

/** A method: what is trained, and how. */
public sealed interface Tuning permits SoftPrompt, FullFineTuning, Lora, PromptWithLora {

    Parameters parameters();

    /** The virtual tokens in front of every sequence, if there are some. */
    default Optional<SoftPrompt> prompt() {
        return Optional.empty();
    }

    /** The additions to the model's linear maps, if there are some. */
    default Optional<Lora> lora() {
        return Optional.empty();
    }
}
