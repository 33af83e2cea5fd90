package dev.prompttuning.transformers.chat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Templates of models with conversations and what transformers renders from them. */
final class Conversations {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Conversations() {}

    /**
     * @param text what is rendered; null where the template refuses
     * @param refusal the template's words where it refuses; else null
     */
    record Case(
            String name,
            String template,
            Map<String, String> special,
            List<Map<String, Object>> messages,
            boolean addGenerationPrompt,
            Map<String, Object> extra,
            String text,
            String refusal) {

        ChatTemplate parse() {
            return ChatTemplate.parse(template, special);
        }

        Rendering render(ChatTemplate parsed) {
            return parsed.render(messages, addGenerationPrompt, extra);
        }
    }

    static List<Case> all() {
        try (InputStream in = Conversations.class.getResourceAsStream("/chat/renderings.json")) {
            return StreamSupport.stream(JSON.readTree(in).spliterator(), false)
                    .map(Conversations::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case read(JsonNode node) {
        Map<String, String> special = new HashMap<>();
        Stream.of("bos_token", "eos_token")
                .filter(node::hasNonNull)
                .forEach(token -> special.put(token, node.get(token).asText()));
        Map<String, Object> extra = new HashMap<>();
        Stream.of("tools", "enable_thinking")
                .filter(node::has)
                .forEach(field -> extra.put(field, JSON.convertValue(node.get(field), Object.class)));
        return new Case(
                node.get("name").asText(),
                node.get("chat_template").asText(),
                special,
                JSON.convertValue(node.get("messages"), new TypeReference<List<Map<String, Object>>>() {}),
                node.get("add_generation_prompt").asBoolean(),
                extra,
                node.path("expected").textValue(),
                node.path("error").textValue());
    }
}
