package dev.prompttuning.training.data;

import java.util.List;

/** What a row of a model with a head was read from, as far as an evaluation asks for it. */
public sealed interface TaskText {

    /** A text with a label. */
    record Labelled(String text) implements TaskText {}

    /** @param words those that have a token in the row, in their order */
    record Words(List<String> words) implements TaskText {
        public Words {
            words = List.copyOf(words);
        }
    }

    /** @param answers all right answers; none where the context holds no answer */
    record Question(String question, String context, List<String> answers) implements TaskText {
        public Question {
            answers = List.copyOf(answers);
        }
    }
}
