package dev.prompttuning.peft.method;

import java.util.Optional;

/** Soft prompts of several tasks, all of one kind and length; which one stands in front of a row, the row's task tells. */
public sealed interface TaskPrompts extends Tuning permits MultitaskPromptTuning, PromptPerTask {

    int numTasks();

    /** @param task from 0 to {@code numTasks() - 1} */
    SoftPrompt ofTask(int task);

    /** The first task's. */
    @Override
    default Optional<SoftPrompt> prompt() {
        return Optional.of(ofTask(0));
    }

    @Override
    default Optional<SoftPrompt> prompt(int task) {
        return Optional.of(ofTask(task));
    }
}
