package dev.prompttuning.training.metric;

import dev.prompttuning.training.data.TaskRow;
import dev.prompttuning.training.metric.score.ConfusionMatrix;
import java.util.Map;
import java.util.Optional;

/** Reads what a head's scores say, row by row, and adds it up. One for each evaluation. */
public interface HeadScores {

    /**
     * Takes a row's scores in.
     *
     * @param scores {@code [places][labels]}: of one place for a text, else of the row's tokens and perhaps of padding behind them
     */
    Prediction add(TaskRow row, float[][] scores);

    /** Of the rows so far. */
    Map<String, Double> metrics();

    /** Of the rows so far, where there are labels to confuse. */
    default Optional<ConfusionMatrix> confusion() {
        return Optional.empty();
    }
}
