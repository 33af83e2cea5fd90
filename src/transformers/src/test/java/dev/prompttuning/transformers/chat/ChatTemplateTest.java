package dev.prompttuning.transformers.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {

    private static final List<Message> CHAT =
            List.of(new Message("user", "hi"), new Message("assistant", "yo"), new Message("user", "x"));

    private static String render(String template) {
        return ChatTemplate.parse(template, Map.of()).render(CHAT, true);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`ab\n {{ 1 + }}`,2,9",
                "`{% if x %}`,1,11",
                "`\n\n{{ 'a' | nofilter }}`,3,10",
                "`{% include 'x' %}`,1,4",
                "`x {{ 'a`,1,6",
                "`x {{ a`,1,3",
                "`{{ a.b.c }}`,1,6",
                "`{# never`,1,1"
            })
    void errorsNameLineAndColumn(String template, int line, int column) {
        TemplateException error = assertThrows(TemplateException.class, () -> render(template));
        assertEquals(line + ":" + column, error.line() + ":" + error.column(), error.getMessage());
        assertTrue(error.getMessage().startsWith("chat template, line " + line + ", column " + column + ": "));
        assertFalse(error.refused());
    }

    @Test
    void generationBlocksGiveTheAssistantsSpans() {
        Rendering rendering = ChatTemplate.parse(
                        "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}"
                                + "{% generation %}{{ m.content }}!{% endgeneration %}"
                                + "{% else %}{{ m.content }}{% endif %}{% endfor %}",
                        Map.of())
                .render(CHAT.stream().map(Message::asMap).toList(), false, Map.of());
        assertEquals("<user>hi<assistant>yo!<user>x", rendering.text());
        assertEquals(List.of(new Rendering.Span(19, 22)), rendering.assistantSpans());
    }

    @Test
    void theClockIsTheCallers() {
        Clock clock = Clock.fixed(Instant.parse("2024-07-06T15:04:09Z"), ZoneOffset.UTC);
        assertEquals(
                "06 Jul 2024|2024-07-06|6 July|15:04:09|03 PM|Sat|100%",
                ChatTemplate.parse(
                                "{{ strftime_now('%d %b %Y|%Y-%m-%d|%-d %B|%H:%M:%S|%I %p|%a|100%%') }}",
                                Map.of(), clock)
                        .render(CHAT, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ 'x' * 1000000000000 }}",
                "{% set ns = namespace(s='xxxxxxxx') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}"
                        + "{{ ns.s == ns.s }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}"
                        + "{{ ns.s | tojson }}",
                "{{ range(10000000) | list }}",
                "{% for a in range(99999) %}{% for b in range(99) %}0123456789{% endfor %}{% endfor %}"
            })
    void whatCostsTooMuchIsRefused(String template) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThrows(TemplateException.class, () -> render(template)));
    }

    @Test
    void deepNestingIsRefused() {
        assertThrows(TemplateException.class, () -> render("{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}"));
        assertThrows(TemplateException.class, () -> render("{{ " + "not ".repeat(5000) + "1 }}"));
        assertThrows(TemplateException.class, () -> render("{{ " + "-".repeat(5000) + "1 }}"));
        assertThrows(TemplateException.class, () -> render("{{ 1" + "+1".repeat(5000) + " }}"));
        assertThrows(
                TemplateException.class, () -> render("{% if 1 %}".repeat(5000) + "x" + "{% endif %}".repeat(5000)));
    }

    private static final String[] FRAGMENTS = {
        "{{",
        "}}",
        "{%",
        "%}",
        "{%-",
        "-%}",
        "{#",
        "#}",
        " if ",
        " else ",
        " elif ",
        " endif ",
        " for ",
        " in ",
        " endfor ",
        " set ",
        " endset ",
        " macro ",
        " endmacro ",
        " m",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "|",
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "%",
        "~",
        "=",
        "==",
        "<",
        " is ",
        " not ",
        " and ",
        " or ",
        "messages",
        "loop",
        ".index",
        "'a'",
        "\"\\",
        "'",
        "1",
        "-3",
        "99999999999",
        "2.5e300",
        " none ",
        " true ",
        "x",
        " range(3) ",
        " tojson",
        " length",
        " join",
        " map('upper')",
        " first",
        " sort",
        " string",
        " int",
        " defined ",
        " generation ",
        " endgeneration ",
        " break ",
        " raw ",
        " endraw ",
        "\n",
        " ",
        "é🙂",
        "\u0000",
        ".items()",
        ".split('a')",
        "[::-1]",
        "[1:2]",
        " namespace(a=1) ",
        " call ",
        " endcall ",
        " filter ",
        " endfilter ",
        " with "
    };

    /** Whatever is thrown together renders or is refused; a fault of the interpreter's own would be another type. */
    @Test
    void randomFragmentsRenderOrAreRefused() {
        Random random = new Random(20);
        int rendered = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder template = new StringBuilder(random.nextInt(3) == 0 ? "" : "{{ ");
            for (int n = random.nextInt(12); n >= 0; n--) {
                template.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            }
            template.append(random.nextBoolean() ? " }}" : " %}");
            try {
                render(template.toString());
                rendered++;
            } catch (TemplateException refused) {
                assertFalse(refused.getMessage().isEmpty());
            } catch (RuntimeException | StackOverflowError fault) {
                throw new AssertionError("template: " + template, fault);
            }
        }
        assertTrue(rendered > 300, "only " + rendered + " rendered, the fragments no longer fit together");
    }
}
