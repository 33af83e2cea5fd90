package dev.prompttuning.training.metric;

/** Evaluates a model on rows that it is not trained on. */
@FunctionalInterface
public interface Evaluator {

    /** @param exactMatch whether answers are compared as a whole too */
    EvaluationResult evaluate(boolean exactMatch);
}
