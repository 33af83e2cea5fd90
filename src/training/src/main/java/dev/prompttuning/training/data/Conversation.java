package dev.prompttuning.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was said, by whom.
 *
 * @param messages as chat templates know them: {@code role} and {@code content}, perhaps {@code tool_calls}
 * @param extra more names for the template, such as {@code tools}
 */
record Conversation(List<Map<String, Object>> messages, Map<String, Object> extra) {

    Conversation {
        messages = List.copyOf(messages);
    }

    /** Up to the assistant's last message: behind it there is nothing to learn. */
    Conversation untilLastAnswer() throws RowFormatException {
        int end = messages.size();
        while (end > 0 && !role(end - 1).equals("assistant")) {
            end--;
        }
        if (end == 0) {
            throw new RowFormatException("the assistant says nothing in it");
        }
        return new Conversation(messages.subList(0, end), extra);
    }

    /**
     * The conversation from its second exchange on, with what precedes the first, such as a system message; empty where
     * there is no second one.
     */
    Optional<Conversation> withoutFirstExchange() {
        int first = nextUser(0);
        int second = nextUser(first + 1);
        if (second >= messages.size()) {
            return Optional.empty();
        }
        List<Map<String, Object>> left = new ArrayList<>(messages.subList(0, first));
        left.addAll(messages.subList(second, messages.size()));
        return Optional.of(new Conversation(left, extra));
    }

    private int nextUser(int from) {
        int at = from;
        while (at < messages.size() && !role(at).equals("user")) {
            at++;
        }
        return at;
    }

    private String role(int message) {
        return (String) messages.get(message).get("role");
    }
}
