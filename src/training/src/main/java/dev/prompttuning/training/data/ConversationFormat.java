package dev.prompttuning.training.data;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a row keeps a conversation. */
public sealed interface ConversationFormat {

    /** @throws RowFormatException when the row lacks something */
    Conversation conversation(JsonNode row) throws RowFormatException;

    /**
     * {@code messages} of {@code role} and {@code content}, in the form of OpenAI's chat API, tool calls included.
     * {@code tools} may be beside them.
     */
    record Messages(Columns columns) implements ConversationFormat {

        @Override
        public Conversation conversation(JsonNode row) throws RowFormatException {
            List<Map<String, Object>> messages = new ArrayList<>();
            for (JsonNode message : Json.list(row, columns, "messages")) {
                String role = Json.text(message, columns.column("role"), messages.size());
                Map<String, Object> copy = Json.map(message);
                copy.put("role", role.equals("developer") ? "system" : role);
                JsonNode content = message.path(columns.column("content"));
                if (content.isMissingNode() && !message.path("tool_calls").isArray()) {
                    throw Json.without(columns.column("content"), messages.size());
                }
                copy.put("content", content.isMissingNode() || content.isNull() ? "" : Json.value(content));
                messages.add(copy);
            }
            return new Conversation(messages, Json.tools(row, columns));
        }
    }

    /**
     * {@code conversations} of {@code from} ({@code human}, {@code gpt}, {@code system} or {@code tool}, or names that mean
     * the same) and {@code value}. {@code system} and {@code tools} may be beside them.
     */
    record ShareGpt(Columns columns) implements ConversationFormat {

        @Override
        public Conversation conversation(JsonNode row) throws RowFormatException {
            List<Map<String, Object>> messages = new ArrayList<>();
            Optional<String> system = columns.optional(row, "system").filter(text -> !text.isEmpty());
            system.ifPresent(text -> messages.add(message("system", text)));
            int number = 0;
            for (JsonNode turn : Json.list(row, columns, "conversations")) {
                String from = Json.text(turn, columns.column("from"), number);
                messages.add(message(role(from, number), Json.text(turn, columns.column("value"), number)));
                number++;
            }
            return new Conversation(messages, Json.tools(row, columns));
        }

        private static Map<String, Object> message(String role, String content) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", role);
            message.put("content", content);
            return message;
        }

        private static String role(String from, int number) throws RowFormatException {
            return switch (from) {
                case "human", "user" -> "user";
                case "gpt", "chatgpt", "assistant", "bot", "model" -> "assistant";
                case "system" -> "system";
                case "tool", "function", "observation" -> "tool";
                default ->
                    throw new RowFormatException("message " + (number + 1) + " is from \"" + from
                            + "\", which is none of human, gpt, system and tool");
            };
        }
    }

    /** Parts of rows; messages are counted from 0 here and from 1 for people. */
    final class Json {

        private static final ObjectMapper JSON = new ObjectMapper();

        private Json() {}

        static Iterable<JsonNode> list(JsonNode row, Columns columns, String field) throws RowFormatException {
            JsonNode list = columns.structure(row, field);
            String column = columns.column(field);
            if (!list.isArray()) {
                throw new RowFormatException(
                        list.isMissingNode() || list.isNull()
                                ? "there is no \"" + column + "\""
                                : "\"" + column + "\" is not a list of messages");
            }
            return list;
        }

        static String text(JsonNode message, String field, int number) throws RowFormatException {
            JsonNode text = message.path(field);
            if (!text.isTextual()) {
                throw without(field, number);
            }
            return text.asText();
        }

        static RowFormatException without(String field, int number) {
            return new RowFormatException("message " + (number + 1) + " has no text \"" + field + "\"");
        }

        static Map<String, Object> map(JsonNode node) {
            return JSON.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
        }

        static Object value(JsonNode node) {
            return JSON.convertValue(node, Object.class);
        }

        /** {@code tools}: a list, or one in a text. */
        static Map<String, Object> tools(JsonNode row, Columns columns) throws RowFormatException {
            JsonNode tools = columns.structure(row, "tools");
            return tools.isArray() && !tools.isEmpty() ? Map.of("tools", value(tools)) : Map.of();
        }
    }
}
