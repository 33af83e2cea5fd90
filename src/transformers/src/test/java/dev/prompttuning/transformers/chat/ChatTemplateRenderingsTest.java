package dev.prompttuning.transformers.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates of Qwen3, Llama 3, Gemma 3 and SmolLM2 with what transformers renders from them. */
class ChatTemplateRenderingsTest {

    static Stream<Arguments> cases() {
        return Conversations.all().stream().map(item -> Arguments.of(item.name(), item));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void rendersExactly(String name, Conversations.Case item) {
        if (item.text() == null) {
            TemplateException refusal = assertThrows(TemplateException.class, () -> item.render(item.parse()));
            assertTrue(refusal.refused());
            assertEquals(item.refusal(), refusal.getMessage());
        } else {
            assertEquals(item.text(), item.render(item.parse()).text());
        }
    }

    @Test
    void thereIsATextForAllButOne() {
        List<Conversations.Case> all = Conversations.all();
        assertEquals(32, all.size());
        assertEquals(31, all.stream().filter(item -> item.text() != null).count());
    }

    /** 2 to 26 microseconds were measured; the bound leaves room for a busy machine. */
    @Test
    void rendersInLessThanAMillisecond() {
        List<Conversations.Case> all =
                Conversations.all().stream().filter(item -> item.text() != null).toList();
        List<ChatTemplate> parsed = all.stream().map(Conversations.Case::parse).toList();
        long[] best = new long[all.size()];
        Arrays.fill(best, Long.MAX_VALUE);
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < all.size(); i++) {
                long start = System.nanoTime();
                all.get(i).render(parsed.get(i));
                best[i] = Math.min(best[i], System.nanoTime() - start);
            }
        }
        for (int i = 0; i < best.length; i++) {
            assertTrue(best[i] < 1_000_000, all.get(i).name() + " took " + best[i] / 1000 + " us at best");
        }
    }
}
