package dev.prompttuning.transformers.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Renders conversations and finds in the text what the assistant says: what the template's {@code {% generation %}} blocks
 * write, or, of a template without them, what changes with the assistant's messages.
 *
 * <p>Without those blocks a turn begins where the prompt for it ends, that is, the conversation up to there rendered with
 * add_generation_prompt, as far as it is the same. It ends with the first special token behind the message, or where the
 * message's own text ends if the template writes none.
 */
public final class AssistantTurns {

    /** Of a private use area: no template looks for it, and no trimming takes it away. */
    private static final String MARK = "\uE000";

    private final ChatTemplate template;
    private final Set<String> specialTokens;

    /** @param specialTokens those that may end a turn, such as {@code <|im_end|>} */
    public AssistantTurns(ChatTemplate template, Set<String> specialTokens) {
        this.template = template;
        this.specialTokens = Set.copyOf(specialTokens);
    }

    /**
     * The conversation as one text, with the assistant's turns.
     *
     * @param extra more names, such as {@code tools}
     * @throws TemplateException when the template refuses the conversation, or its turns cannot be told apart
     */
    public Rendering render(List<Map<String, Object>> messages, Map<String, ?> extra) {
        Rendering whole = template.render(messages, false, extra);
        return whole.assistantSpans().isEmpty()
                ? new Rendering(whole.text(), new Comparison(whole.text(), messages, extra).turns())
                : whole;
    }

    /** One conversation, rendered again with changes. */
    private final class Comparison {

        private final String whole;
        private final List<Map<String, Object>> messages;
        private final Map<String, ?> extra;

        Comparison(String whole, List<Map<String, Object>> messages, Map<String, ?> extra) {
            this.whole = whole;
            this.messages = messages;
            this.extra = extra;
        }

        List<Rendering.Span> turns() {
            List<Rendering.Span> turns = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < messages.size(); i++) {
                int said = commonPrefix(whole, marked(messages, i));
                boolean shown = said < whole.length() || whole.endsWith(MARK);
                if (shown && "assistant".equals(messages.get(i).get("role"))) {
                    turns.add(turn(i, from, said));
                }
                from = shown ? said : from;
            }
            return turns;
        }

        /**
         * @param heard where the message before ends
         * @param said where the text of this one ends
         */
        private Rendering.Span turn(int message, int heard, int said) {
            int start = message == 0 ? opening(said) : commonPrefix(whole, render(messages.subList(0, message), true));
            if (start < heard || start > said) {
                throw TemplateException.of("the chat template's turns cannot be told apart by rendering it; put"
                        + " {% generation %} and {% endgeneration %} around what the assistant says in it");
            }
            return new Rendering.Span(start, end(message, said));
        }

        /** Where the text of a conversation's very first message begins. */
        private int opening(int said) {
            Map<String, Object> message = new LinkedHashMap<>(messages.get(0));
            message.computeIfPresent("content", (key, content) -> MARK + content);
            return Math.min(said, commonPrefix(whole, render(replaced(messages, 0, message), false)));
        }

        private int end(int message, int said) {
            List<Map<String, Object>> last = messages.subList(0, message + 1);
            String alone = render(last, false);
            int behind = commonPrefix(alone, marked(last, message));
            int same = commonPrefix(whole.substring(said), alone.substring(behind));
            String closing = whole.substring(said, said + same);
            return said
                    + specialTokens.stream()
                            .filter(closing::contains)
                            .mapToInt(token -> closing.indexOf(token) + token.length())
                            .min()
                            .orElseGet(() -> Text.stripEnd(closing).length());
        }

        /** Renders with something at the end of what one message says. */
        private String marked(List<Map<String, Object>> of, int message) {
            return render(replaced(of, message, withMark(of.get(message))), false);
        }

        private String render(List<Map<String, Object>> of, boolean addGenerationPrompt) {
            return template.render(of, addGenerationPrompt, extra).text();
        }
    }

    private static List<Map<String, Object>> replaced(
            List<Map<String, Object>> messages, int at, Map<String, Object> message) {
        List<Map<String, Object>> changed = new ArrayList<>(messages);
        changed.set(at, message);
        return changed;
    }

    /** A message that ends in a tool call is marked in the call's name. */
    private static Map<String, Object> withMark(Map<String, Object> message) {
        Map<String, Object> marked = new LinkedHashMap<>(message);
        if (message.get("tool_calls") instanceof List<?> calls
                && !calls.isEmpty()
                && calls.get(calls.size() - 1) instanceof Map<?, ?> call) {
            List<Object> changed = new ArrayList<>(calls);
            changed.set(calls.size() - 1, withMarkedName(call));
            marked.put("tool_calls", changed);
        } else {
            marked.put("content", withMark(message.get("content")));
        }
        return marked;
    }

    private static Map<Object, Object> withMarkedName(Map<?, ?> call) {
        Map<Object, Object> marked = new LinkedHashMap<>(call);
        marked.computeIfPresent("name", (key, name) -> name + MARK);
        marked.computeIfPresent(
                "function", (key, function) -> function instanceof Map<?, ?> inner ? withMarkedName(inner) : function);
        return marked;
    }

    private static Object withMark(Object content) {
        if (!(content instanceof List<?> parts)) {
            return content == null ? MARK : content + MARK;
        }
        List<Object> marked = new ArrayList<>(parts);
        marked.add(Map.of("type", "text", "text", MARK));
        return marked;
    }

    private static int commonPrefix(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int same = 0;
        while (same < length && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same;
    }
}
