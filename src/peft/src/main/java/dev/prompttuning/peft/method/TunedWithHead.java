package dev.prompttuning.peft.method;

import java.util.Optional;

/** A method that leaves the layers of the model frozen, and the model's head, which is trained with it. */
public record TunedWithHead(Tuning method, TrainedHead trainedHead) implements Tuning {

    @Override
    public Parameters parameters() {
        return method.parameters().and(trainedHead.parameters(wrapping()));
    }

    private TrainedHead.Wrapping wrapping() {
        return method instanceof Lora ? TrainedHead.Wrapping.LORA : TrainedHead.Wrapping.PROMPT;
    }

    @Override
    public Optional<SoftPrompt> prompt() {
        return method.prompt();
    }

    @Override
    public Optional<SoftPrompt> prompt(int task) {
        return method.prompt(task);
    }

    @Override
    public Optional<Lora> lora() {
        return method.lora();
    }

    @Override
    public Optional<TrainedHead> head() {
        return Optional.of(trainedHead);
    }
}
