package dev.prompttuning.serving.service;

import dev.prompttuning.serving.engine.GenerationRequest;
import dev.prompttuning.serving.openai.AnswerFormat;
import dev.prompttuning.serving.openai.Delivery;
import java.util.List;

/**
 * A request that was found good.
 *
 * @param echoes text in front of the answers to each prompt; empty when none was asked for
 */
public record PreparedRequest(
        GenerationRequest generation, AnswerFormat format, Delivery delivery, List<String> echoes) {

    public PreparedRequest {
        echoes = List.copyOf(echoes);
    }

    /** Number of answers. */
    public int choices() {
        return generation.prompts().size() * generation.n();
    }

    /** What stands in front of an answer. */
    public String echo(int choice) {
        return echoes.isEmpty() ? "" : echoes.get(choice / generation.n());
    }
}
