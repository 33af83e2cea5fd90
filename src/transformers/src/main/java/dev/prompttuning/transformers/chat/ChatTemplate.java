package dev.prompttuning.transformers.chat;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A model's {@code chat_template}, read once and rendered often; safe for use by many threads.
 *
 * <p>Settings are those of transformers' {@code apply_chat_template}: trim_blocks and lstrip_blocks on, no escaping,
 * {@code break} and {@code continue}, {@code {% generation %}}, {@code raise_exception}, {@code strftime_now}, and a
 * {@code tojson} that keeps non-ASCII text.
 */
public final class ChatTemplate {

    private final Statement template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(Source source, Map<String, String> specialTokens, Clock clock) {
        this.template = Parser.parse(source);
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
    }

    /**
     * @param specialTokens names such as {@code bos_token} to their text; a token the tokenizer lacks is left out
     * @param clock what {@code strftime_now} reads
     * @throws TemplateException for a template that cannot be read
     */
    public static ChatTemplate parse(String template, Map<String, String> specialTokens, Clock clock) {
        return new ChatTemplate(Source.of(template), specialTokens, clock);
    }

    public static ChatTemplate parse(String template, Map<String, String> specialTokens) {
        return parse(template, specialTokens, Clock.systemDefaultZone());
    }

    /** Plain messages, no tools. */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        return render(messages.stream().map(Message::asMap).toList(), addGenerationPrompt, Map.of())
                .text();
    }

    /**
     * @param messages each with {@code role} and {@code content}, as a request's JSON has them: maps, lists, strings,
     *     numbers, booleans, null
     * @param addGenerationPrompt whether the text ends where the assistant begins to speak
     * @param extra more names, such as {@code tools}, {@code documents} or {@code enable_thinking}
     * @throws TemplateException when the template refuses the conversation or needs what the interpreter does not know
     */
    public Rendering render(
            List<? extends Map<String, ?>> messages, boolean addGenerationPrompt, Map<String, ?> extra) {
        Run run = new Run();
        Scope context = new Scope(run);
        Globals.of(clock).forEach(context::set);
        specialTokens.forEach(context::set);
        context.set("tools", null);
        context.set("documents", null);
        extra.forEach((name, value) -> context.set(name, Values.of(value)));
        context.set("messages", Values.of(messages));
        context.set("add_generation_prompt", addGenerationPrompt);
        template.run(context.inner());
        return run.rendering();
    }
}
