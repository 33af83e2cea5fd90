package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Answers of {@code POST /v1/chat/completions}. */
public record ChatFormat(Envelope envelope) implements AnswerFormat {
    private static final String OBJECT = "chat.completion";
    private static final String CHUNK = "chat.completion.chunk";
    private static final String ROLE = "assistant";

    @Override
    public ObjectNode answer(List<Choice> choices, Usage usage) {
        ObjectNode node = envelope.whole(OBJECT, usage);
        ArrayNode all = node.putArray("choices");
        for (Choice choice : choices) {
            ObjectNode entry = all.addObject().put("index", choice.index());
            entry.putObject("message").put("role", ROLE).put("content", choice.text());
            entry.putNull("logprobs").put("finish_reason", choice.finishReason().text());
        }
        return node;
    }

    @Override
    public Optional<ObjectNode> opening(int index) {
        ObjectNode node = envelope.chunk(CHUNK);
        delta(node, index, null).put("role", ROLE).put("content", "");
        return Optional.of(node);
    }

    @Override
    public ObjectNode text(int index, String text) {
        ObjectNode node = envelope.chunk(CHUNK);
        delta(node, index, null).put("content", text);
        return node;
    }

    @Override
    public ObjectNode finish(int index, FinishReason reason) {
        ObjectNode node = envelope.chunk(CHUNK);
        delta(node, index, reason.text());
        return node;
    }

    @Override
    public ObjectNode usage(Usage usage) {
        return envelope.lastChunk(CHUNK, usage);
    }

    private static ObjectNode delta(ObjectNode node, int index, String finishReason) {
        ObjectNode choice = node.putArray("choices").addObject().put("index", index);
        ObjectNode delta = choice.putObject("delta");
        choice.putNull("logprobs").put("finish_reason", finishReason);
        return delta;
    }
}
