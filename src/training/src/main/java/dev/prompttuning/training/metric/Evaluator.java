package dev.prompttuning.training.metric;

/** Evaluates a model, as it is when it is asked, on rows that it is not trained on. */
@FunctionalInterface
public interface Evaluator {

    EvaluationResult evaluate();
}
