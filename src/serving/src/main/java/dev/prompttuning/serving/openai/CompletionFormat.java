package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Answers of {@code POST /v1/completions}; chunks look like answers. */
public record CompletionFormat(Envelope envelope) implements AnswerFormat {
    private static final String OBJECT = "text_completion";

    @Override
    public ObjectNode answer(List<Choice> choices, Usage usage) {
        ObjectNode node = envelope.whole(OBJECT, usage);
        ArrayNode all = node.putArray("choices");
        choices.forEach(choice -> put(
                all.addObject(),
                choice.index(),
                choice.text(),
                choice.finishReason().text()));
        return node;
    }

    @Override
    public Optional<ObjectNode> opening(int index) {
        return Optional.empty();
    }

    @Override
    public ObjectNode text(int index, String text) {
        return chunk(index, text, null);
    }

    @Override
    public ObjectNode finish(int index, FinishReason reason) {
        return chunk(index, "", reason.text());
    }

    @Override
    public ObjectNode usage(Usage usage) {
        return envelope.lastChunk(OBJECT, usage);
    }

    private ObjectNode chunk(int index, String text, String finishReason) {
        ObjectNode node = envelope.chunk(OBJECT);
        put(node.putArray("choices").addObject(), index, text, finishReason);
        return node;
    }

    private static void put(ObjectNode choice, int index, String text, String finishReason) {
        choice.put("index", index).put("text", text).putNull("logprobs").put("finish_reason", finishReason);
    }
}
