package dev.prompttuning.peft.method;

import java.util.Optional;

/**
 * A soft prompt in front of a model with low-rank additions, trained together. The additions act on the virtual tokens too.
 *
 * @param softPrompt whose parameters' names are none of the additions'
 */
public record PromptWithLora(SoftPrompt softPrompt, Lora additions) implements Tuning {

    @Override
    public Parameters parameters() {
        return softPrompt.parameters().and(additions.parameters());
    }

    @Override
    public Optional<SoftPrompt> prompt() {
        return Optional.of(softPrompt);
    }

    @Override
    public Optional<Lora> lora() {
        return Optional.of(additions);
    }
}
