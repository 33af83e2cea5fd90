package dev.prompttuning.transformers.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates of Qwen3, Llama 3, Gemma 3 and SmolLM2 with what transformers renders from them. */
class ChatTemplateRenderingsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> cases() throws IOException {
        try (InputStream in = ChatTemplateRenderingsTest.class.getResourceAsStream("/chat/renderings.json")) {
            JsonNode cases = JSON.readTree(in);
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(node -> Arguments.of(node.get("name").asText(), node));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void rendersExactly(String name, JsonNode node) {
        if (node.has("error")) {
            TemplateException refusal = assertThrows(TemplateException.class, () -> render(node));
            assertTrue(refusal.refused());
            assertEquals(node.get("error").asText(), refusal.getMessage());
        } else {
            assertEquals(node.get("expected").asText(), render(node));
        }
    }

    private static String render(JsonNode node) {
        Map<String, String> special = new HashMap<>();
        Stream.of("bos_token", "eos_token")
                .filter(token -> node.hasNonNull(token))
                .forEach(token -> special.put(token, node.get(token).asText()));
        Map<String, Object> extra = new HashMap<>();
        Stream.of("tools", "enable_thinking")
                .filter(node::has)
                .forEach(field -> extra.put(field, JSON.convertValue(node.get(field), Object.class)));
        List<Map<String, Object>> messages =
                JSON.convertValue(node.get("messages"), new TypeReference<List<Map<String, Object>>>() {});
        boolean addGenerationPrompt = node.get("add_generation_prompt").asBoolean();
        return ChatTemplate.parse(node.get("chat_template").asText(), special)
                .render(messages, addGenerationPrompt, extra)
                .text();
    }
}
