package dev.prompttuning.transformers.head;

import java.util.List;

/** What a head is for, by PEFT's names. */
public enum HeadTask {
    /** One label for a whole text. */
    SEQ_CLS(List.of("classifier", "score")),
    /** A label for each token. */
    TOKEN_CLS(List.of("classifier", "score")),
    /** Where in a text the answer to a question starts and ends. */
    QUESTION_ANS(List.of("qa_outputs"));

    private final List<String> modules;

    HeadTask(List<String> modules) {
        this.modules = modules;
    }

    /** The modules that PEFT takes for the head, whichever of them a model has. */
    public List<String> modules() {
        return modules;
    }
}
