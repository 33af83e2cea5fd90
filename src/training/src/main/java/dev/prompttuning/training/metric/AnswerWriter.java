package dev.prompttuning.training.metric;

import java.util.List;

/** Lets a model, as it is when it is asked, write an answer to each row. */
@FunctionalInterface
public interface AnswerWriter {

    /** Row by row: what the model was given, what it should have written, and what it has written. */
    List<Prediction.OfText> write();
}
