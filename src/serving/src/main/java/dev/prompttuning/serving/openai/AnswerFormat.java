package dev.prompttuning.serving.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** How answers to one request are written: whole, or as the chunks of a stream. */
public interface AnswerFormat {

    /** The whole answer. */
    ObjectNode answer(List<Choice> choices, Usage usage);

    /** What comes before a choice's first text, where the protocol has something. */
    Optional<ObjectNode> opening(int index);

    /** A piece of text. */
    ObjectNode text(int index, String text);

    /** The end of a choice. */
    ObjectNode finish(int index, FinishReason reason);

    /** The last chunk, which has no choices. */
    ObjectNode usage(Usage usage);
}
