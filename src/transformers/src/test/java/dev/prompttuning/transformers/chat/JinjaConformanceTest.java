package dev.prompttuning.transformers.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small templates with what Jinja 3.1.6 in transformers' settings makes of them; each error there is one here. */
class JinjaConformanceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> cases() throws IOException {
        try (InputStream in = JinjaConformanceTest.class.getResourceAsStream("/chat/jinja.json")) {
            JsonNode file = JSON.readTree(in);
            Map<String, Object> context =
                    JSON.convertValue(file.get("context"), new TypeReference<Map<String, Object>>() {});
            return StreamSupport.stream(file.get("cases").spliterator(), false)
                    .map(node -> Arguments.of(node.get("template").asText(), node, context));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void agrees(String template, JsonNode node, Map<String, Object> context) {
        List<Map<String, Object>> messages =
                JSON.convertValue(context.get("messages"), new TypeReference<List<Map<String, Object>>>() {});
        if (node.has("error")) {
            assertThrows(TemplateException.class, () -> ChatTemplate.parse(template, Map.of())
                    .render(messages, true, context));
        } else {
            assertEquals(
                    node.get("text").asText(),
                    ChatTemplate.parse(template, Map.of())
                            .render(messages, true, context)
                            .text());
        }
    }
}
