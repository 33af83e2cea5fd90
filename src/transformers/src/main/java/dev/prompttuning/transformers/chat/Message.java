package dev.prompttuning.transformers.chat;

import java.util.Map;

/** A plain message of a conversation; messages with tool calls or parts are given as maps. */
public record Message(String role, String content) {

    Map<String, Object> asMap() {
        return Map.of("role", role, "content", content);
    }
}
