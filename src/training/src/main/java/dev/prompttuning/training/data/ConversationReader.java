package dev.prompttuning.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prompttuning.training.data.EncodedRow.Cut;
import dev.prompttuning.training.data.store.RowCodec;
import dev.prompttuning.transformers.chat.AssistantTurns;
import dev.prompttuning.transformers.chat.Rendering;
import dev.prompttuning.transformers.chat.TemplateException;
import dev.prompttuning.transformers.tokenizer.TokenizedText;
import dev.prompttuning.transformers.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads conversations, of which what the assistant says is learned: a conversation is rendered by a chat template as the
 * server will render it, and tokenised as a whole.
 *
 * <p>A conversation that is too long loses its oldest exchanges, then the beginning of what is left, up to its last answer; an
 * answer that is too long on its own loses its end.
 */
public final class ConversationReader implements RowReader<EncodedRow> {

    private final ConversationFormat format;
    private final AssistantTurns turns;
    private final Tokenizer tokenizer;
    private final Learned learned;
    private final int endToken;
    private final int maxLength;
    private final TaskColumn tasks;

    /** What of a conversation is learned. */
    public enum Learned {
        /** All that the assistant says. */
        ANSWERS,
        /** What the assistant says last; the rest of the conversation is what it is asked. */
        LAST_ANSWER,
        EVERYTHING
    }

    /**
     * @param endToken learned behind the last answer where the template writes no special token there
     * @param maxLength most tokens of a row, virtual tokens not among them
     */
    public ConversationReader(
            ConversationFormat format,
            AssistantTurns turns,
            Tokenizer tokenizer,
            int endToken,
            Learned learned,
            int maxLength,
            TaskColumn tasks) {
        this.format = format;
        this.turns = turns;
        this.tokenizer = tokenizer;
        this.endToken = endToken;
        this.learned = learned;
        this.maxLength = maxLength;
        this.tasks = tasks;
    }

    @Override
    public EncodedRow read(JsonNode row) throws RowFormatException {
        Conversation conversation = format.conversation(row).untilLastAnswer();
        Encoded whole = encode(conversation);
        Encoded encoded = whole;
        Optional<Conversation> shorter = conversation.withoutFirstExchange();
        while (encoded.length() > maxLength && shorter.isPresent()) {
            encoded = encode(shorter.get());
            shorter = shorter.get().withoutFirstExchange();
        }
        return row(encoded, encoded == whole ? Cut.NOTHING : Cut.PROMPT).ofTask(tasks.of(row));
    }

    @Override
    public Optional<RowCodec<EncodedRow>> codec() {
        return Optional.of(new EncodedRowCodec());
    }

    /**
     * A conversation in tokens, up to the end of its last answer.
     *
     * @param answers tokens of each thing the assistant says, in order
     */
    private record Encoded(int[] tokenIds, List<EncodedRow.Span> answers) {
        int length() {
            return tokenIds.length;
        }

        EncodedRow.Span last() {
            return answers.get(answers.size() - 1);
        }
    }

    private Encoded encode(Conversation conversation) throws RowFormatException {
        Rendering rendering = rendered(conversation);
        TokenizedText tokens = tokenizer.tokenize(rendering.text(), false);
        List<EncodedRow.Span> answers = new ArrayList<>();
        for (Rendering.Span span : rendering.assistantSpans()) {
            answer(new Rendering(rendering.text(), List.of(span)).assistantTokens(tokens))
                    .ifPresent(answers::add);
        }
        if (answers.isEmpty()) {
            throw new RowFormatException("the chat template leaves out what the assistant says in it");
        }
        return ended(tokens.ids(), answers);
    }

    private Rendering rendered(Conversation conversation) throws RowFormatException {
        try {
            return turns.render(conversation.messages(), conversation.extra());
        } catch (TemplateException e) {
            throw new RowFormatException(
                    e.refused() ? "the chat template refuses it: " + e.getMessage() : e.getMessage());
        }
    }

    private static Optional<EncodedRow.Span> answer(boolean[] mask) {
        int start = 0;
        while (start < mask.length && !mask[start]) {
            start++;
        }
        int end = mask.length;
        while (end > start && !mask[end - 1]) {
            end--;
        }
        return start < end ? Optional.of(new EncodedRow.Span(start, end)) : Optional.empty();
    }

    /** Cuts behind the last answer, which learns to end: with the special token that the template writes, else the end token. */
    private Encoded ended(int[] ids, List<EncodedRow.Span> answers) {
        EncodedRow.Span last = answers.get(answers.size() - 1);
        if (isSpecial(ids[last.end() - 1])) {
            return new Encoded(Arrays.copyOf(ids, last.end()), answers);
        }
        int[] ended = Arrays.copyOf(ids, last.end() + 1);
        if (last.end() == ids.length || !isSpecial(ids[last.end()])) {
            ended[last.end()] = endToken;
        }
        answers.set(answers.size() - 1, new EncodedRow.Span(last.start(), ended.length));
        return new Encoded(ended, answers);
    }

    private boolean isSpecial(int token) {
        return tokenizer.specialIds().contains((long) token);
    }

    private EncodedRow row(Encoded encoded, Cut cut) {
        int[] ids = encoded.tokenIds();
        EncodedRow.Span last = encoded.last();
        if (last.length() > maxLength) {
            int[] answer = Arrays.copyOfRange(ids, last.start(), last.start() + maxLength);
            return new EncodedRow(answer, 0, 0, Cut.ANSWER);
        }
        int from = Math.max(0, ids.length - maxLength);
        List<EncodedRow.Span> spans =
                switch (learned) {
                    case ANSWERS -> encoded.answers();
                    case LAST_ANSWER -> List.of(last);
                    case EVERYTHING -> List.of(new EncodedRow.Span(0, ids.length));
                };
        return new EncodedRow(
                Arrays.copyOfRange(ids, from, ids.length),
                last.start() - from,
                spans.stream()
                        .filter(span -> span.end() > from)
                        .map(span -> new EncodedRow.Span(Math.max(0, span.start() - from), span.end() - from))
                        .toList(),
                from > 0 ? Cut.PROMPT : cut,
                0);
    }
}
