package dev.prompttuning.transformers.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssistantTurnsTest {

    private static final Set<String> SPECIAL = Set.of("<|im_start|>", "<|im_end|>", "<|eot_id|>", "<end_of_turn>");

    private static Conversations.Case named(String name) {
        return Conversations.all().stream()
                .filter(item -> item.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> said(Rendering rendering) {
        return rendering.assistantSpans().stream()
                .map(span -> rendering.text().substring(span.start(), span.end()))
                .toList();
    }

    /** Qwen3 writes an empty thought before its last answer only, so the earlier turns differ from what they were then. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "qwen3; 2<|im_end|>|<think>~~</think>~~3<|im_end|>",
                "llama3; 2<|eot_id|>|3<|eot_id|>",
                "gemma3; 2<end_of_turn>|3<end_of_turn>",
                "smollm2; 2<|im_end|>|3<|im_end|>"
            })
    void findsTheTurnsOfRealTemplates(String model, String expected) {
        Conversations.Case item = named(model + ".train");
        List<Map<String, Object>> messages = List.of(
                Map.of("role", "user", "content", "1+1?"),
                Map.of("role", "assistant", "content", "2"),
                Map.of("role", "user", "content", "and 1?"),
                Map.of("role", "assistant", "content", "3"));
        Rendering rendering = new AssistantTurns(item.parse(), SPECIAL).render(messages, Map.of());
        assertEquals(expected.replace('~', '\n'), String.join("|", said(rendering)), rendering.text());
    }

    @Test
    void aToolCallIsATurn() {
        Conversations.Case item = named("qwen3.toolcall");
        Rendering rendering =
                new AssistantTurns(item.parse(), SPECIAL).render(item.messages().subList(0, 3), item.extra());
        List<String> turns = said(rendering);
        assertEquals(1, turns.size());
        assertTrue(turns.get(0).endsWith("}}\n</tool_call><|im_end|>"), turns.toString());
        assertTrue(turns.get(0).contains("<tool_call>"), turns.toString());
    }

    private static final String PLAIN = "{% for m in messages %}<{{ m.role }}>"
            + "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}{{ '\\n' }}"
            + "{% else %}{{ m.content }}<|im_end|>{{ '\\n' }}{% endif %}{% endfor %}"
            + "{% if add_generation_prompt %}<assistant>{% endif %}";

    /** The same template with and without its generation blocks. */
    @ParameterizedTest
    @ValueSource(strings = {"yes", "", " 🎉 no ", "<assistant>", "2\n\n"})
    void comparingFindsWhatGenerationBlocksMark(String answer) {
        List<Map<String, Object>> messages = List.of(
                Map.of("role", "system", "content", ""),
                Map.of("role", "user", "content", "<assistant>"),
                Map.of("role", "assistant", "content", answer),
                Map.of("role", "user", "content", answer),
                Map.of("role", "assistant", "content", answer));
        Rendering marked = turns(PLAIN).render(messages, Map.of());
        Rendering compared =
                turns(PLAIN.replaceAll("\\{% (end)?generation %\\}", "")).render(messages, Map.of());
        assertEquals(marked, compared);
        assertEquals(2, marked.assistantSpans().size());
    }

    @Test
    void aConversationMayBeginWithTheAssistant() {
        Rendering rendering = turns(PLAIN.replaceAll("\\{% (end)?generation %\\}", ""))
                .render(List.of(Map.of("role", "assistant", "content", "hello")), Map.of());
        assertEquals(List.of("hello<|im_end|>"), said(rendering));
    }

    @Test
    void turnsThatCannotBeToldApartAreRefused() {
        String backwards = "{% for m in messages|reverse %}{{ m.content }};{% endfor %}";
        List<Map<String, Object>> messages =
                List.of(Map.of("role", "user", "content", "a"), Map.of("role", "assistant", "content", "b"));
        TemplateException refusal =
                assertThrows(TemplateException.class, () -> turns(backwards).render(messages, Map.of()));
        assertTrue(refusal.getMessage().contains("{% generation %}"));
    }

    private static AssistantTurns turns(String template) {
        return new AssistantTurns(ChatTemplate.parse(template, Map.of()), SPECIAL);
    }

    /** Characters of two UTF-16 units, and of several tokens, before and in a turn. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "gpt2", "llama"})
    void spansOfCharactersBecomeTokens(String model) {
        String before = "user 🎉 A quick: ";
        String turn = "brown 🎉 fox";
        String text = before + turn + "\nuser lazy dog";
        try (Tokenizer tokenizer =
                Tokenizer.load(Path.of("src/test/resources/models").resolve(model))) {
            TokenizedText tokens = tokenizer.tokenize(text, false);
            Rendering.Span span = new Rendering.Span(before.length(), before.length() + turn.length());
            boolean[] mask = new Rendering(text, List.of(span)).assistantTokens(tokens);
            List<Long> kept = new ArrayList<>();
            for (int i = 0; i < mask.length; i++) {
                if (mask[i]) {
                    kept.add((long) tokens.ids()[i]);
                }
            }
            String decoded =
                    tokenizer.decode(kept.stream().mapToLong(Long::longValue).toArray(), true);
            String known = model.equals("llama") ? turn.replace("🎉", "") : turn;
            assertEquals(known.strip(), decoded.strip());
        }
    }
}
