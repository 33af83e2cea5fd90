package dev.prompttuning.peft.method;

import java.util.Optional;

/** A method: what is trained, and how. */
public sealed interface Tuning permits SoftPrompt, TaskPrompts, FullFineTuning, Lora, PromptWithLora, TunedWithHead {

    Parameters parameters();

    /** The virtual tokens in front of every sequence, if there are some. */
    default Optional<SoftPrompt> prompt() {
        return Optional.empty();
    }

    /** The virtual tokens in front of a task's sequences; most methods have the same for all. */
    default Optional<SoftPrompt> prompt(int task) {
        return prompt();
    }

    /** The head that is trained with it, if the model has one of its own. */
    default Optional<TrainedHead> head() {
        return Optional.empty();
    }

    /** The additions to the model's linear maps, if there are some. */
    default Optional<Lora> lora() {
        return Optional.empty();
    }
}
