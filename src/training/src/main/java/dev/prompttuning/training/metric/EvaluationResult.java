package dev.prompttuning.training.metric;

import dev.prompttuning.peft.causal.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How the model does on rows.
 *
 * @param loss mean cross entropy of the labelled tokens, in nats
 * @param tokenAccuracy share of the labelled tokens that had the highest score
 * @param exactMatch share of rows all of whose labelled tokens had, where it was asked for
 */
public record EvaluationResult(double loss, double tokenAccuracy, OptionalDouble exactMatch, int rows) {

    static EvaluationResult of(Loss loss, int rows, OptionalDouble exactMatch) {
        return new EvaluationResult(
                loss.mean(), (double) loss.correct() / Math.max(1, loss.tokens()), exactMatch, rows);
    }

    public double perplexity() {
        return Math.exp(loss);
    }

    /** By the names of status and result files. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", loss);
        metrics.put("perplexity", perplexity());
        metrics.put("tokenAccuracy", tokenAccuracy);
        exactMatch.ifPresent(value -> metrics.put("exactMatch", value));
        return metrics;
    }
}
