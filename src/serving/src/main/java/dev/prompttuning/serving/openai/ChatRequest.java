package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The body of {@code POST /v1/chat/completions}.
 *
 * @param messages each with its {@code role} and, as a string, its {@code content}, and whatever else the client sent
 * @param addGenerationPrompt whether the template opens the assistant's turn
 * @param templateArguments variables for the chat template, such as {@code enable_thinking}
 */
public record ChatRequest(
        String model,
        List<Map<String, Object>> messages,
        SamplingOptions sampling,
        int n,
        boolean addGenerationPrompt,
        Map<String, Object> templateArguments,
        Delivery delivery) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public ChatRequest {
        messages = List.copyOf(messages);
        templateArguments = Map.copyOf(templateArguments);
    }

    /** @throws ApiException status 400 when the body cannot be used */
    public static ChatRequest parse(String body) {
        RequestFields fields = RequestFields.parse(body);
        String model = fields.text("model").orElseThrow(() -> fields.missing("model", "GET /v1/models lists them"));
        List<Map<String, Object>> messages = messages(fields);
        UnsupportedOptions.refuse(fields);
        if (fields.flag("logprobs", false) || fields.node("top_logprobs").isPresent()) {
            throw ApiException.invalid(
                    "logprobs", "unsupported_parameter", "'logprobs' is not supported by this server; leave it out.");
        }
        if (fields.node("chat_template").isPresent() || fields.flag("continue_final_message", false)) {
            throw ApiException.invalid(
                    "chat_template",
                    "unsupported_parameter",
                    "'chat_template' and 'continue_final_message' are not supported; the model's own template is used.");
        }
        return new ChatRequest(
                model,
                messages,
                SamplingOptions.read(fields, maxTokens(fields)),
                fields.integer("n", 1, CompletionRequest.MOST_CHOICES).orElse(1),
                fields.flag("add_generation_prompt", true),
                templateArguments(fields),
                Delivery.read(fields));
    }

    /** The newer name wins. */
    private static OptionalInt maxTokens(RequestFields fields) {
        OptionalInt newer = fields.integer("max_completion_tokens", 0, Integer.MAX_VALUE);
        OptionalInt older = fields.integer("max_tokens", 0, Integer.MAX_VALUE);
        return newer.isPresent() ? newer : older;
    }

    private static List<Map<String, Object>> messages(RequestFields fields) {
        JsonNode value =
                fields.node("messages").orElseThrow(() -> fields.missing("messages", "it is the conversation so far"));
        if (!value.isArray() || value.isEmpty()) {
            throw fields.wrong("messages", "an array of at least one message", value);
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            messages.add(message("messages[" + i + "]", value.get(i)));
        }
        return messages;
    }

    private static Map<String, Object> message(String path, JsonNode message) {
        if (!message.isObject() || !message.path("role").isTextual()) {
            throw ApiException.invalid(
                    path,
                    "'" + path + "' must be an object with a string 'role', not " + RequestFields.shown(message) + ".");
        }
        if (message.path("tool_calls").size() > 0) {
            throw ApiException.invalid(
                    path + ".tool_calls",
                    "unsupported_parameter",
                    "'" + path + ".tool_calls': tool calls are not supported by this server; leave them out.");
        }
        Map<String, Object> values = JSON.convertValue(
                message, JSON.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class));
        values.put("content", content(path + ".content", message.path("content")));
        values.values().removeIf(Objects::isNull);
        return values;
    }

    /** A string, or parts of text, which stand one after the other. */
    private static String content(String path, JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw ApiException.invalid(
                    path,
                    "'" + path + "' must be a string or an array of text parts"
                            + (content.isMissingNode()
                                    ? "; it is missing."
                                    : ", not " + RequestFields.shown(content) + "."));
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                throw ApiException.invalid(
                        path,
                        "'" + path + "' holds a part that is not text: " + RequestFields.shown(part)
                                + "; this server reads text only.");
            }
            text.append(part.path("text").textValue());
        }
        return text.toString();
    }

    private static Map<String, Object> templateArguments(RequestFields fields) {
        return fields.node("chat_template_kwargs")
                .map(value -> {
                    if (!value.isObject()) {
                        throw fields.wrong("chat_template_kwargs", "a JSON object", value);
                    }
                    Map<String, Object> arguments = JSON.convertValue(
                            value,
                            JSON.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class));
                    arguments.values().removeIf(Objects::isNull);
                    return arguments;
                })
                .orElse(Map.of());
    }
}
