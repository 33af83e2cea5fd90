package dev.prompttuning.serving.service;

import java.util.List;
import java.util.Map;

/** A model's chat template. */
@FunctionalInterface
public interface ChatRenderer {

    /**
     * @param messages each with {@code role} and {@code content}
     * @throws RuntimeException with a message for the client when the template refuses the messages
     */
    String render(List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, Object> arguments);
}
